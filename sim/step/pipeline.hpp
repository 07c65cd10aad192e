// SPDX-License-Identifier: Apache-2.0
// From the costs of stages to the time of a step: the schedule's order, run by the executor.
#pragma once

#include <vector>

#include "base/quantity.hpp"
#include "sim/run/options.hpp"

namespace sextant::sim {

/// One micro-batch on one virtual stage.
struct PipelineStage {
  Seconds forward;
  Seconds backward;  ///< input and weight gradient
  Seconds weight_gradient;
  Seconds pair;  ///< a forward and a backward overlapped
};

struct PipelineInput {
  Schedule schedule = Schedule::one_f_one_b;
  int ranks = 1;
  double microbatches = 1;
  Seconds hop;  ///< one send between neighbouring ranks
  std::vector<PipelineStage> stages;  ///< virtual stages in model order
};

struct PipelineResult {
  Seconds makespan;
  Seconds busy;  ///< of the busiest rank
  int busiest_rank = 0;
  Seconds mean_microbatch;  ///< forward and backward of one micro-batch on the average rank
};

[[nodiscard]] PipelineResult run_pipeline(const PipelineInput& in);

}  // namespace sextant::sim
