// SPDX-License-Identifier: Apache-2.0
// One training step of one configuration: the sum of its named terms.
#pragma once

#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"
#include "sim/step/pipeline.hpp"
#include "sim/step/terms.hpp"

namespace sextant::sim {

struct StepEstimate {
  Terms terms;
  Seconds time;    ///< terms.sum()
  Seconds bubble;  ///< of the busiest pipeline rank
  int busiest_rank = 0;
  double microbatches = 1;
};

struct StepParts;

/// Buffers that evaluations after the first one use again; the result does not depend on it. One per thread.
struct StepWorkspace {
  PipelineWorkspace pipeline;
  PipelineInput input;
};

/// Evaluates one step. Pure: the same run and parameters give the same bits.
[[nodiscard]] StepEstimate evaluate(const Run& run, const Parameters& parameters, StepWorkspace& workspace);
[[nodiscard]] StepEstimate evaluate(const Run& run, const Parameters& parameters);

/// What stragglers add to everything else, as a share.
[[nodiscard]] double straggler_share(const Run& run, const Parameters& parameters);

/// The step of parts and pipeline that are known: the last line of evaluate(), and of a search that keeps both.
[[nodiscard]] StepEstimate assemble(const Run& run, const Parameters& parameters, const StepParts& parts,
                                    const PipelineResult& pipe);

}  // namespace sextant::sim
