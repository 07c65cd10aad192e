// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/model_spec.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// Which layers each virtual stage (pipeline rank x chunk, in model order) holds.
struct StageLayout {
  int virtual_stages = 1;
  int kinds = 1;
  std::vector<int> first_layer;  ///< per virtual stage; layers up to the next one's first
  std::vector<int> counts;       ///< [virtual stage][kind]

  [[nodiscard]] int count(int stage, int kind) const {
    return counts[static_cast<std::size_t>(stage) * static_cast<std::size_t>(kinds) + static_cast<std::size_t>(kind)];
  }
  /// Whether two stages hold as many layers of each kind.
  [[nodiscard]] bool same_layers(int a, int b) const {
    for (int k = 0; k < kinds; ++k) {
      if (count(a, k) != count(b, k)) return false;
    }
    return true;
  }
  [[nodiscard]] int layers(int stage) const {
    const auto s = static_cast<std::size_t>(stage);
    return first_layer[s + 1] - first_layer[s];
  }
};

/// Equal shares where layers divide. Where they divide once what the ends hold counts as layers, the first and last
/// stage hold that many fewer (Megatron's "account for embedding and loss"; by cost where there are MTP modules).
/// Otherwise full stages first and the rest last, as long as every stage gets one.
[[nodiscard]] StageLayout stage_layout(const models::ModelSpec& model, int virtual_stages);

/// Whether all stages get equally many layers, or would if embedding, MTP modules and head were layers.
[[nodiscard]] bool stages_are_even(const models::ModelSpec& model, int virtual_stages);

/// The pipeline rank that holds a virtual stage, by schedule: chunks go around the ranks, V-shaped schedules return.
[[nodiscard]] int rank_of(int virtual_stage, const Parallelism& p);

/// Virtual stages of a model under a schedule: pp x vp; two passes over the ranks in V-shaped schedules.
[[nodiscard]] int virtual_stages(const Parallelism& p);

/// Model chunks a rank holds; DualPipe's second one is its mirror's stage.
[[nodiscard]] int chunks_per_rank(const Parallelism& p);

/// The virtual stage behind a rank's chunk, chunks counted as in sim/schedule.
[[nodiscard]] int virtual_stage_of(int rank, int chunk, const Parallelism& p);

}  // namespace sextant::sim
