// SPDX-License-Identifier: Apache-2.0
#include "sim/step/pipeline.hpp"

#include <algorithm>

namespace sextant::sim {

PipelineResult run_pipeline(const PipelineInput& in) {
  PipelineResult r;
  std::vector<Seconds> rank(static_cast<std::size_t>(in.ranks));
  for (std::size_t s = 0; s < in.stages.size(); ++s) {
    rank[s % rank.size()] += in.stages[s].forward + in.stages[s].backward;
  }
  Seconds sum;
  for (std::size_t i = 0; i < rank.size(); ++i) {
    sum += rank[i];
    if (rank[i] > rank[static_cast<std::size_t>(r.busiest_rank)]) r.busiest_rank = static_cast<int>(i);
  }
  const Seconds longest = rank[static_cast<std::size_t>(r.busiest_rank)];
  const double chunks = static_cast<double>(in.stages.size()) / in.ranks;
  r.busy = longest * in.microbatches;
  r.makespan = r.busy + (sum - longest) / chunks + in.hop * (2.0 * (in.ranks - 1));
  r.mean_microbatch = sum / in.ranks;
  return r;
}

}  // namespace sextant::sim
