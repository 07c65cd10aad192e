// SPDX-License-Identifier: Apache-2.0
// What share of the hours that are paid for trains: failures, restarts, checkpoints, spares, stragglers, maintenance.
#pragma once

#include <cstdint>
#include <optional>

#include "base/band.hpp"
#include "base/quantity.hpp"
#include "hardware/reliability.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// What a campaign states of its cluster's reliability; what it leaves out comes from the catalogue.
struct Reliability {
  std::optional<double> failures_per_1000_node_days;
  std::optional<double> restart_minutes;          ///< from the failure to training again, lost work aside
  std::optional<double> checkpoint_gb_per_s;      ///< of the whole job
  std::optional<double> checkpoint_stall_s;       ///< training stands still this long; in place of a whole write
  std::optional<double> checkpoint_interval_min;  ///< absent: Daly's optimum
  std::optional<int> spare_nodes;
  std::optional<double> repair_hours;
  std::optional<double> straggler_share;  ///< slowdown beside what a step counts itself
  std::optional<double> planned_interruptions_per_day;
};

/// The inputs of the closed form and of its simulation, nothing left open.
struct FailureModel {
  double nodes = 1;
  double failures_per_node_s = 0;
  Seconds restart;
  Seconds stall;     ///< of one checkpoint
  Seconds interval;  ///< of work between two checkpoints
  double spares = 0;
  Seconds repair;
  double straggler_share = 0;
  double planned_per_s = 0;

  /// Mean time between failures of the job.
  [[nodiscard]] Seconds mtbf() const { return Seconds{1.0 / (nodes * failures_per_node_s)}; }
};

/// Shares of the wall time that add up to 1.
struct Goodput {
  double effective = 1;
  double checkpoints = 0;
  double restarts = 0;
  double lost_work = 0;  ///< done again after failures
  double waiting = 0;    ///< for a node when the spares are used up
  double planned = 0;
  double stragglers = 0;
};

/// Young (1974): sqrt(2 C M), with Daly's higher-order correction (Future Generation Computer Systems 22, 2006, eq.
/// 37); M where a checkpoint takes longer than that.
[[nodiscard]] Seconds optimal_interval(Seconds stall, Seconds mtbf);

/// Probability that `servers` are all busy when jobs offer `load` of work (Erlang B): here, that one more node than the
/// spares is being repaired. Holds for any distribution of repair times.
[[nodiscard]] double erlang_b(int servers, double load);

/// Daly's complete model for exponential failures (2006, eq. 20): a segment of T and its checkpoint C take
/// M e^(R/M) (e^((T+C)/M) - 1); times the share in which enough nodes are whole, and what planned stops and stragglers
/// leave.
[[nodiscard]] Goodput goodput(const FailureModel& model);

/// The same by playing failures and repairs until `work` of training is done. Deterministic in the seed.
[[nodiscard]] Goodput simulated_goodput(const FailureModel& model, Seconds work, std::uint64_t seed);

/// Bytes of a checkpoint: 16-bit weights and the optimizer's states, once.
[[nodiscard]] Bytes checkpoint_bytes(const Run& run);

/// Fills what `stated` leaves open from the catalogue's figures.
[[nodiscard]] FailureModel failure_model(const Run& run, const Reliability& stated,
                                         const hardware::ReliabilityDefaults& usual,
                                         double failures_per_1000_node_days);

/// The band over the failure rates that were published, or one value where the campaign states it.
[[nodiscard]] Band<double> failure_rates(const Reliability& stated, const hardware::ReliabilityDefaults& usual);

}  // namespace sextant::sim
