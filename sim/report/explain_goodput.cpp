// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/report/explain.hpp"
#include "sim/report/explain_campaign.hpp"

namespace sextant::sim::report {

namespace {

constexpr double seconds_per_day = 86400;
constexpr double thousand = 1000;

/// Rows of the inputs, each with whether the campaign said it or the catalogue.
class Inputs {
 public:
  explicit Inputs(const ExplainedGoodput& e) : e_(e) {}

  template <class T>
  void add(std::string name, double value, Unit unit, const std::optional<T>& stated, std::string note = {}) {
    if (stated) {
      list_.push_back({std::move(name), value, unit, note.empty() ? "stated" : note + ", stated"});
    } else {
      list_.push_back({std::move(name), value, unit, std::move(note), e_.usual ? &e_.usual->source : nullptr});
    }
  }
  void derived(std::string name, double value, Unit unit, std::string note) {
    list_.push_back({std::move(name), value, unit, std::move(note)});
  }
  [[nodiscard]] Table table() const { return input_table(list_); }

 private:
  const ExplainedGoodput& e_;
  std::vector<Input> list_;
};

Table inputs(const ExplainedGoodput& e) {
  const FailureModel& m = e.model;
  const Reliability& s = e.stated;
  Inputs in(e);
  in.derived("nodes", m.nodes, Unit::count, "of the largest stage");
  in.add("failures of 1,000 nodes a day", m.failures_per_node_s * seconds_per_day * thousand, Unit::number,
         s.failures_per_1000_node_days);
  const Unit days = shown_unit(Unit::days, e.units);
  in.derived("mean time between failures", m.mtbf().value() / seconds_per_day * shown_factor(Unit::days, e.units), days,
             "1 / (nodes x failures of a node)");
  in.add("restart after a failure", m.restart.value(), Unit::seconds, s.restart_minutes);
  in.add("standstill of a checkpoint", m.stall.value(), Unit::seconds,
         s.checkpoint_stall_s ? s.checkpoint_stall_s : s.checkpoint_gb_per_s,
         s.checkpoint_stall_s ? "" : "weights and optimizer states over the write rate");
  if (s.checkpoint_interval_min) {
    in.derived("work between checkpoints", m.interval.value(), Unit::seconds, "stated");
  } else {
    in.derived("work between checkpoints", m.interval.value(), Unit::seconds, "Daly's optimum (2006, eq. 37)");
  }
  in.add("spare nodes", m.spares, Unit::count, s.spare_nodes);
  in.add("repair of a node", m.repair.value(), Unit::seconds, s.repair_hours);
  in.add("stragglers", m.straggler_share, Unit::share, s.straggler_share, "beside what a step counts itself");
  in.add("planned stops a day", m.planned_per_s * seconds_per_day, Unit::number, s.planned_interruptions_per_day);
  return in.table();
}

Table shares(const Goodput& g) {
  Table t{.key = "shares",
          .title = "Where the time that is paid for goes",
          .columns = {{"what", " ", Unit::text}, {"share", "share", Unit::share}}};
  for (const auto& [what, share] : {std::pair{"trains", g.effective},
                                    {"work lost to failures, done again", g.lost_work},
                                    {"detection and restart", g.restarts},
                                    {"checkpoints", g.checkpoints},
                                    {"waiting for a spare node", g.waiting},
                                    {"planned stops", g.planned},
                                    {"stragglers", g.stragglers}}) {
    t.rows.push_back({std::string(what), share});
  }
  return t;
}

}  // namespace

void add_goodput(Report& r, const ExplainedGoodput& e) {
  r.add(
      Fact{"formula", "formula",
           "a segment of work T and its checkpoint C take M e^(R/M) (e^((T+C)/M) - 1), M: mean time between failures, "
           "R: restart (Daly, FGCS 22, 2006, eq. 20); times the share in which enough nodes are whole (Erlang B), and "
           "what planned stops and stragglers leave"});
  r.add(inputs(e)).add(shares(e.goodput));
}

}  // namespace sextant::sim::report
