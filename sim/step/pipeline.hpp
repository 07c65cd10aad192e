// SPDX-License-Identifier: Apache-2.0
// From the costs of stages to the time of a step: the schedule's order, run by the executor.
#pragma once

#include <vector>

#include "base/quantity.hpp"
#include "sim/run/options.hpp"
#include "sim/schedule/executor.hpp"
#include "sim/schedule/program_cache.hpp"
#include "sim/schedule/schedules.hpp"
#include "sim/step/overlap.hpp"

namespace sextant::sim {

/// One micro-batch on one virtual stage.
struct PipelineStage {
  Seconds forward;
  Seconds backward;  ///< input and weight gradient
  Seconds weight_gradient;

  Seconds forward_compute;   ///< of `forward`, what keeps the GPU's SMs busy
  Seconds backward_compute;  ///< of `backward`
  Seconds forward_exchange;  ///< expert dispatch and combine as if alone
  Seconds backward_exchange;
};

struct PipelineInput {
  Schedule schedule = Schedule::one_f_one_b;
  int ranks = 1;
  double microbatches = 1;
  Contention contention;              ///< between a forward and a backward that overlap
  bool pairs_alone = false;           ///< one rank: each forward after the first overlaps the backward before it
  Seconds hop;                        ///< one send between neighbouring ranks
  std::vector<PipelineStage> stages;  ///< virtual stages in model order
};

struct PipelineResult {
  Seconds makespan;
  Seconds busy;  ///< computing, of the busiest rank
  int busiest_rank = 0;
  Passes mean_microbatch;  ///< on the average rank
};

/// Compiled orders and buffers that evaluations after the first one use again. One per thread.
struct PipelineWorkspace {
  schedule::ProgramCache programs;
  schedule::Workspace executor;
  schedule::StageCosts costs;
  schedule::Links links;
};

[[nodiscard]] const schedule::Schedule& schedule_row(Schedule schedule);

/// The program of a shape, compiled on first use; nullptr when the schedule refuses the shape.
[[nodiscard]] const schedule::Program* program_of(const schedule::Schedule& row, const schedule::Shape& shape,
                                                  PipelineWorkspace& workspace);

/// Time of a forward of one virtual stage overlapped with a backward of another: the compute of both, and what it does
/// not hide of the exchange of both.
[[nodiscard]] Seconds overlapped_pair(const PipelineStage& forward, const PipelineStage& backward,
                                      Contention contention);

/// Runs the step. Where the schedule refuses the shape (fewer micro-batches than stages, say) one forward and one
/// backward at a time is assumed: 1F1B.
[[nodiscard]] PipelineResult run_pipeline(const PipelineInput& in, PipelineWorkspace& workspace);

/// The same, with every item and its times.
[[nodiscard]] schedule::Timeline pipeline_timeline(const PipelineInput& in, PipelineWorkspace& workspace);

}  // namespace sextant::sim
