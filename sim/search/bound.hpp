// SPDX-License-Identifier: Apache-2.0
// What no configuration can be faster or smaller than: cheap to work out, and never more than the executor or memory()
// find.
#pragma once

#include <span>

#include "sim/search/layer_costs.hpp"
#include "sim/search/space.hpp"

namespace sextant::sim::search {

/// Schedules whose items are a forward and a backward of another micro-batch at once.
[[nodiscard]] bool overlaps(Schedule schedule);

/// Bounds add up in another order than what they bound; this keeps them below it.
inline constexpr double rounding_down = 1.0 - 1e-12;

/// Makespan of the stages under any order of the run's schedule: the work of each rank, after the forwards that come
/// before its first, and where a backward pass is one piece, before the backwards that follow its last. Overlapped
/// pairs take no less than their compute.
[[nodiscard]] Seconds makespan_bound(const Run& run, const StepParts& parts);

/// Makespan of any pipelining and recompute of `pp` ranks: an equal share of the whole model's work.
[[nodiscard]] Seconds least_makespan(const LayerFamily& family, const Parallelism& p, double microbatches,
                                     bool overlaps);

/// Memory that any pipelining, recompute and the most thorough of the shardings need on the fullest rank: the mean
/// rank's states.
[[nodiscard]] Bytes least_memory(Run& run, const LayerFamily& family, std::span<const ShardChoice> shardings);

}  // namespace sextant::sim::search
