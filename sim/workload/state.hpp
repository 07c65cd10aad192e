// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/run/run.hpp"
#include "sim/workload/stage_layout.hpp"

namespace sextant::sim {

/// Parameters one rank holds, before data-parallel sharding.
struct RankParameters {
  double dense = 0;    ///< replicated over dp x cp
  double experts = 0;  ///< replicated over edp
  double tables = 0;   ///< the part of `dense` that is embeddings and output head

  [[nodiscard]] double total() const { return dense + experts; }
  RankParameters& operator+=(const RankParameters& o) {
    dense += o.dense;
    experts += o.experts;
    tables += o.tables;
    return *this;
  }
};

/// Of one layer of the model's kinds.
[[nodiscard]] RankParameters layer_parameters(const Run& run, const models::Layer& layer);

/// Of one virtual stage; embedding, head and MTP modules sit on the first and last.
[[nodiscard]] RankParameters stage_parameters(const Run& run, const StageLayout& layout, int virtual_stage);

/// Of each pipeline rank. Where both ends of the model meet on one, a tied head and MTP share the
/// embedding; DualPipe's ranks hold their mirror's stage too.
[[nodiscard]] std::vector<RankParameters> rank_parameters(const Run& run, const StageLayout& layout);

/// The one that holds most.
[[nodiscard]] const RankParameters& largest(const std::vector<RankParameters>& ranks);

/// Of the pipeline rank that holds most.
[[nodiscard]] RankParameters largest_rank(const Run& run, const StageLayout& layout);

}  // namespace sextant::sim
