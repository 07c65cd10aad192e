// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/goodput.hpp"

#include <algorithm>
#include <cmath>

#include "models/counts.hpp"
#include "sim/memory/states.hpp"

namespace sextant::sim {

namespace {

constexpr double seconds_per_day = 86400;
constexpr double seconds_per_hour = 3600;
constexpr double seconds_per_minute = 60;

}  // namespace

Seconds optimal_interval(Seconds stall, Seconds mtbf) {
  if (!(stall.value() > 0)) return Seconds{std::min(mtbf.value(), seconds_per_minute)};
  const double half = stall.value() / (2 * mtbf.value());
  if (half >= 1) return mtbf;
  const double young = std::sqrt(2 * stall.value() * mtbf.value());
  return Seconds{young * (1 + std::sqrt(half) / 3 + half / 9) - stall.value()};
}

double erlang_b(int servers, double load) {
  double blocked = 1;
  for (int n = 1; n <= servers; ++n) blocked = load * blocked / (n + load * blocked);
  return blocked;
}

Goodput goodput(const FailureModel& m) {
  Goodput g;
  const double mtbf = m.mtbf().value();
  const double interval = m.interval.value();
  const double stall = m.stall.value();
  const double segment =
      mtbf * std::exp(m.restart.value() / mtbf) * std::expm1(std::min(600.0, (interval + stall) / mtbf));
  const double works = interval / segment;
  const double checkpoints = works * stall / interval;
  const double restarts = std::min(1 - works - checkpoints, m.restart.value() / mtbf);
  const double stop = std::min(1.0, m.planned_per_s * (m.restart + m.stall).value());
  // Nothing fails while the job stands still on purpose.
  const double load = m.nodes * m.failures_per_node_s * (1 - stop) * m.repair.value();
  g.waiting = erlang_b(static_cast<int>(m.spares) + 1, load);
  const double up = 1 - g.waiting;
  g.planned = up * stop;
  const double running = up - g.planned;
  g.checkpoints = running * checkpoints;
  g.restarts = running * restarts;
  g.lost_work = running * (1 - works - checkpoints - restarts);
  g.stragglers = running * works * m.straggler_share;
  g.effective = running * works * (1 - m.straggler_share);
  return g;
}

Bytes checkpoint_bytes(const Run& run) {
  const models::ParameterCounts counts = models::parameter_counts(run.model);
  constexpr double weight_bytes = 2;
  return Bytes{(counts.total + (run.model.mtp_layers > 0 ? counts.mtp : 0)) * (weight_bytes + optimizer_bytes(run))};
}

Band<double> failure_rates(const Reliability& stated, const hardware::ReliabilityDefaults& usual) {
  if (const auto& rate = stated.failures_per_1000_node_days) return {*rate, *rate, *rate};
  return usual.failures_per_1000_node_days;
}

FailureModel failure_model(const Run& run, const Reliability& stated, const hardware::ReliabilityDefaults& usual,
                           double failures_per_1000_node_days) {
  constexpr double thousand = 1000;
  constexpr double billion = 1e9;
  FailureModel m;
  m.nodes = std::max(1, run.cluster.nodes());
  m.failures_per_node_s = failures_per_1000_node_days / thousand / seconds_per_day;
  m.restart = Seconds{stated.restart_minutes.value_or(usual.restart_minutes.mid) * seconds_per_minute};
  const double write = stated.checkpoint_gb_per_s.value_or(usual.checkpoint_gb_per_s_per_node * m.nodes) * billion;
  m.stall = Seconds{stated.checkpoint_stall_s.value_or(checkpoint_bytes(run).value() / write)};
  m.interval = stated.checkpoint_interval_min ? Seconds{*stated.checkpoint_interval_min * seconds_per_minute}
                                              : optimal_interval(m.stall, m.mtbf());
  m.spares = stated.spare_nodes.value_or(static_cast<int>(std::ceil(usual.spare_share * m.nodes)));
  m.repair = Seconds{stated.repair_hours.value_or(usual.repair_hours) * seconds_per_hour};
  m.straggler_share = stated.straggler_share.value_or(usual.straggler_share);
  m.planned_per_s =
      stated.planned_interruptions_per_day.value_or(usual.planned_interruptions_per_day) / seconds_per_day;
  return m;
}

}  // namespace sextant::sim
