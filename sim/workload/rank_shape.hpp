// SPDX-License-Identifier: Apache-2.0
// What one rank of a run holds of a micro-batch, and how the run's tokens find experts.
#pragma once

#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// Sizes that every operator of a run shares.
struct RankShape {
  double tokens = 0;           ///< of one micro-batch on one rank (seq_len / cp)
  double sequence_tokens = 0;  ///< the same, split over tp where sequence parallelism splits it
  double routed_tokens = 0;    ///< token copies that the fullest rank's experts receive before etp gathers them
  double local_experts = 0;
};

/// Tokens of the fullest expert rank over the mean.
[[nodiscard]] double expert_imbalance(Routing routing, const Parameters& parameters);

[[nodiscard]] RankShape rank_shape(const Run& run, const models::Mlp& mlp, double imbalance);

/// Whether experts are sent one copy of a token a destination, not one a chosen expert.
[[nodiscard]] bool deduplicates_dispatch(const Run& run);

/// Whether a compiler fuses the run's element-wise kernels: the stack always has one, or the run asks for it.
[[nodiscard]] bool is_compiled(const Run& run);

}  // namespace sextant::sim
