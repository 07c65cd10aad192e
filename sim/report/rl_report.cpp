// SPDX-License-Identifier: Apache-2.0
#include "sim/report/rl_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/report/campaign_report.hpp"

namespace sextant::sim::report {

namespace {

struct Summary {
  std::vector<double> errors;  ///< signed
  int inside = 0;

  void add(const RlRow& row) {
    errors.push_back(row.error());
    inside += row.inside() ? 1 : 0;
  }
  [[nodiscard]] double median(bool absolute) const {
    std::vector<double> e = errors;
    if (absolute) std::transform(e.begin(), e.end(), e.begin(), [](double x) { return std::abs(x); });
    std::sort(e.begin(), e.end());
    const std::size_t n = e.size();
    return n == 0 ? 0 : 0.5 * (e[(n - 1) / 2] + e[n / 2]);
  }
};

std::string bound_by(const RlRow& row) { return row.predicted.generation_bound() ? "generation" : "training"; }

/// Publishers' long ids, without what all of them share.
std::string short_id(const std::string& id) {
  constexpr std::size_t most = 38;
  const std::string_view common = "nemo-rl-";
  std::string out = id.rfind(common, 0) == 0 ? id.substr(common.size()) : id;
  return out.size() > most ? out.substr(0, most) : out;
}

Table people_table(const std::vector<RlRow>& rows) {
  Table t{.title = {},
          .columns = {{"", "step", Unit::text},
                      {"", "measured", Unit::count},
                      {"", "predicted", Unit::count},
                      {"", "error", Unit::count},
                      {"", "bound by", Unit::text}},
          .audience = Audience::people};
  for (const RlRow& row : rows) {
    t.rows.push_back({short_id(row.observation.id), fmt::format("{:.1f} s", row.observation.step_time_s),
                      fmt::format("{:.1f} s", row.predicted.total.value()), fmt::format("{:+.0f} %", 100 * row.error()),
                      bound_by(row)});
  }
  return t;
}

Table programs_table(const std::vector<RlRow>& rows) {
  Table t{.key = "rows",
          .columns = {{"id", "", Unit::text},
                      {"measured_s", "", Unit::number},
                      {"predicted_s", "", Unit::number},
                      {"low_s", "", Unit::number},
                      {"high_s", "", Unit::number},
                      {"error", "", Unit::number},
                      {"generation_s", "", Unit::number},
                      {"tail_s", "", Unit::number},
                      {"log_probs_s", "", Unit::number},
                      {"training_s", "", Unit::number},
                      {"refit_s", "", Unit::number},
                      {"concurrency", "", Unit::number}},
          .audience = Audience::programs,
          .main = true};
  for (const RlRow& row : rows) {
    const RlStep& p = row.predicted;
    const double s = p.total.value();
    t.rows.push_back({row.observation.id, row.observation.step_time_s, s, s * std::exp(-p.half_width),
                      s * std::exp(p.half_width), row.error(), p.generation.value(), p.detail.tail.value(),
                      p.log_probs.value(), p.training.value(), p.refit.value(), p.detail.concurrency});
  }
  return t;
}

}  // namespace

Report rl_report(const std::vector<RlRow>& rows) {
  Report r;
  r.format = "sextant/rl-validation/1";
  r.title = fmt::format("{} published steps of reinforcement learning, predicted", rows.size());
  r.subtitle = "rollout, log-probs, training and refit; nothing is fitted but the serving engine's constants";
  std::map<std::string, Summary> groups;
  Summary all;
  for (const RlRow& row : rows) {
    all.add(row);
    groups["gpu=" + row.observation.run.cluster.gpu.id].add(row);
    groups[row.observation.rl.separate ? "placement=separate" : "placement=colocated"].add(row);
  }
  groups["all"] = all;
  r.add(people_table(rows)).add(programs_table(rows));
  Table summary{.key = "groups",
                .title = "Errors",
                .columns = {{"group", "rows", Unit::text},
                            {"n", "n", Unit::count},
                            {"median_abs_error", "median", Unit::share},
                            {"bias", "bias", Unit::change},
                            {"coverage_80", "inside the 80 % band", Unit::share}}};
  for (const auto& [name, s] : groups) {
    const auto n = static_cast<double>(s.errors.size());
    summary.rows.push_back({name, n, s.median(true), s.median(false), n > 0 ? s.inside / n : 0});
  }
  r.add(std::move(summary));
  return r;
}

}  // namespace sextant::sim::report
