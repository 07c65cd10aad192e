// SPDX-License-Identifier: Apache-2.0
// Weights, gradients and optimizer states of one pipeline rank.
#pragma once

#include "sim/memory/terms.hpp"
#include "sim/run/run.hpp"
#include "sim/workload/state.hpp"

namespace sextant::sim {

/// Over how many ranks data parallelism splits each kind of state; 1: every rank holds all of it.
struct ShardGroups {
  double weights = 1;
  double gradients = 1;
  double optimizer = 1;
};

/// Dense parameters are replicated over dp x cp, experts over edp; hsdp and zero1 in groups shard within their group.
[[nodiscard]] ShardGroups shard_groups(const Run& run, bool experts);

/// Fills weights, gathered weights, gradients and optimizer. `largest_layer`: parameters of the largest layer on the
/// rank, for what ZeRO-3 gathers.
void add_states(const Run& run, const RankParameters& rank, double largest_layer, MemoryTerms& terms);

/// Bytes of a kept gradient, the 16-bit one beside an fp32 one included.
[[nodiscard]] double kept_gradient_bytes(const Run& run);

/// Master weight and moments.
[[nodiscard]] double optimizer_bytes(const Run& run);

/// The fp32 copy of its shard's 16-bit gradients that an optimizer with a master weight makes at the step.
[[nodiscard]] Bytes gradient_copies(const Run& run, const RankParameters& rank);

}  // namespace sextant::sim
