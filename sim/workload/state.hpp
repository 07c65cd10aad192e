// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/run/run.hpp"
#include "sim/workload/stage_layout.hpp"

namespace sextant::sim {

/// Parameters one rank holds, before data-parallel sharding.
struct RankParameters {
  double dense = 0;    ///< replicated over dp x cp
  double experts = 0;  ///< replicated over edp

  [[nodiscard]] double total() const { return dense + experts; }
};

/// Of one virtual stage; embedding, head and MTP modules sit on the first and last.
[[nodiscard]] RankParameters stage_parameters(const Run& run, const StageLayout& layout, int virtual_stage);

/// Of the pipeline rank that holds most.
[[nodiscard]] RankParameters largest_rank(const Run& run, const StageLayout& layout);

}  // namespace sextant::sim
