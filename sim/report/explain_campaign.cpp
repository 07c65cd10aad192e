// SPDX-License-Identifier: Apache-2.0
#include "sim/report/explain_campaign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/report/campaign_headline.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

constexpr std::string_view stage_prefix = "stage/";

struct Row {
  std::string_view key;
  std::string_view formula;
};

constexpr std::array<Row, 6> rows{{
    {"gpu_hours", "GPU-hours of training / share of the time that trains; the bands' widths add in squares"},
    {"days", "sum over the stages of GPU-hours / GPUs, / share of the time that trains"},
    {"rent_usd", "GPU-hours that are paid for x rent of a GPU-hour; the bands' widths add in squares"},
    {"owned_usd", "GPU-hours that are paid for x cost of a GPU-hour of an own cluster; the cheapest place"},
    {"effective", ""},
    {"energy_kwh",
     "GPU-hours that are paid for x rated node power / GPUs a node x share of the rating that training draws x (1 + "
     "network's share) x PUE"},
}};

class Builder {
 public:
  Builder(const ExplainedCampaign& e, Report& r) : e_(e), c_(e.cost), r_(r) {}

  void figure(const Row& row) {
    r_.title = std::string(row.key);
    for (const Item& item : in_units(campaign_headline(e_.campaign, c_), e_.units).items) {
      const auto* f = std::get_if<Figure>(&item);
      if (f == nullptr || f->key != row.key) continue;
      Figure copy = *f;
      r_.title = copy.label;
      copy.key = "value";
      copy.label = "value";
      r_.add(std::move(copy));
    }
    if (!row.formula.empty()) r_.add(Fact{"formula", "formula", std::string(row.formula)});
    if (row.key == "gpu_hours") hours();
    if (row.key == "days") days();
    if (row.key == "rent_usd") rent();
    if (row.key == "owned_usd") owned();
    if (row.key == "effective")
      add_goodput(r_, {c_.failures, c_.goodput, e_.campaign.reliability, e_.reliability, e_.units});
    if (row.key == "energy_kwh") energy();
    show_inputs();
  }

  void stage(std::size_t i) {
    const Stage& stage = e_.campaign.stages[i];
    const StageHours& s = c_.stages[i];
    r_.title = stage.name;
    r_.subtitle = fmt::format("{}; {} GPUs", layout_text(s.run), grouped(s.gpus));
    r_.add(Figure{
        .key = "value", .label = "value", .value = s.gpu_hours.mid, .unit = Unit::gpu_hours, .band = s.gpu_hours});
    r_.add(Fact{"formula", "formula",
                s.rl ? "rounds x time of a round (generate, score, train, refit) x GPUs / 3600"
                     : "sum over the batch sizes of tokens / tokens a step x time of a step x GPUs / 3600"});
    add({"tokens trained on", s.tokens, Unit::tokens, stage.source ? "" : "the campaign's file",
         stage.source ? &*stage.source : nullptr});
    add({s.rl ? "time of a round" : "time of a step", s.step.value(), Unit::seconds,
         s.searched ? fmt::format("the fastest of {} layouts that fit", s.considered) : "the layout as stated"});
    add({"sequences a step", static_cast<double>(s.run.batch.global_sequences), Unit::count, "at the largest batch"});
    add({"tokens a sequence", static_cast<double>(s.run.batch.seq_len), Unit::count});
    add({"GPUs", static_cast<double>(s.gpus), Unit::count});
    if (s.teacher) add({"teacher's GPU-hours", s.teacher_hours, Unit::gpu_hours});
    if (s.mfu > 0) add({"MFU", s.mfu, Unit::share, "model FLOPs of its tokens over the dense 16-bit peak"});
    add({"time", s.days(), Unit::days, "GPU-hours / GPUs"});
    show_inputs();
    r_.add(List{.key = "band_reasons", .title = "Why the band is this wide", .points = s.why});
  }

 private:
  void add(Input i) {
    i.value *= shown_factor(i.unit, e_.units);
    i.unit = shown_unit(i.unit, e_.units);
    list_.push_back(std::move(i));
  }
  void show_inputs() {
    if (!list_.empty()) r_.add(input_table(list_));
    list_.clear();
  }

  void paid() { add({"GPU-hours that are paid for", c_.paid.mid, Unit::gpu_hours, format(c_.paid, Unit::gpu_hours)}); }

  void hours() {
    add({"GPU-hours of training", c_.trained.mid, Unit::gpu_hours, format(c_.trained, Unit::gpu_hours)});
    add({"share of the time that trains", c_.effective.mid, Unit::share, format(c_.effective, Unit::share)});
    show_inputs();
    stages();
  }

  void days() {
    add({"share of the time that trains", c_.effective.mid, Unit::share, format(c_.effective, Unit::share)});
    show_inputs();
    stages();
  }

  void stages() {
    Table t{.key = "stages",
            .title = "Stages, training alone",
            .columns = {{"name", "stage", Unit::text},
                        {"gpu_hours", "GPU-hours", Unit::parameters},
                        {"gpus", "GPUs", Unit::count},
                        {"days", "time", Unit::days}}};
    for (std::size_t i = 0; i < c_.stages.size(); ++i) {
      const StageHours& s = c_.stages[i];
      t.rows.push_back({e_.campaign.stages[i].name, s.gpu_hours.mid, static_cast<double>(s.gpus), s.days()});
    }
    r_.add(in_units(std::move(t), e_.units));
  }

  void rent() {
    paid();
    if (!c_.rent) return;
    add({"rent of a GPU-hour", c_.rent->usd_per_gpu_hour.mid, Unit::usd_per_gpu_hour, c_.rent->basis});
  }

  void owned() {
    paid();
    if (c_.owned.empty()) return;
    const auto best = std::min_element(c_.owned_usd.begin(), c_.owned_usd.end(),
                                       [](const auto& a, const auto& b) { return a.mid < b.mid; });
    const OwnedPrice& o = c_.owned[static_cast<std::size_t>(best - c_.owned_usd.begin())];
    add({"cost of a GPU-hour", o.usd_per_gpu_hour.mid, Unit::usd_per_gpu_hour, o.title + "; " + o.basis});
    for (const OwnedPart& p : o.parts) add({"  " + p.what, p.usd_per_gpu_hour.mid, Unit::usd_per_gpu_hour, p.how});
  }

  void energy() {
    paid();
    const EnergyUse& u = c_.energy;
    const int gpus = c_.stages[c_.main].run.cluster.gpus_per_node;
    add({"rated power of a node", u.node_watts, Unit::watts, fmt::format("{} GPUs", gpus)});
    if (e_.energy) {
      const hardware::EnergyFactors& f = *e_.energy;
      add({"share drawn in training", f.training_power_fraction.mid, Unit::share, "", &f.source});
      add({"network's share", f.network_power_share, Unit::share, "of the nodes' power", &f.source});
    }
    add({"PUE", u.pue, Unit::number, "cooling and conversion; " + u.grid});
    add({"CO2 of a kWh, grams", u.g_co2_per_kwh, Unit::number, u.grid});
  }

  const ExplainedCampaign& e_;
  const CampaignCost& c_;
  Report& r_;
  std::vector<Input> list_;
};

}  // namespace

std::string stage_tag(std::string_view stage) { return std::string(stage_prefix) + std::string(stage); }

Report explain_campaign(const ExplainedCampaign& e, std::string_view tag) {
  Report r;
  r.format = "sextant/explain/1";
  r.subtitle = e.campaign.title;
  r.add(Fact{.key = "tag", .value = std::string(tag)});
  Builder builder(e, r);
  for (const Row& row : rows) {
    if (row.key != tag) continue;
    builder.figure(row);
    return r;
  }
  for (std::size_t i = 0; i < e.campaign.stages.size(); ++i) {
    if (stage_tag(e.campaign.stages[i].name) != tag) continue;
    builder.stage(i);
    return r;
  }
  return {};
}

}  // namespace sextant::sim::report
