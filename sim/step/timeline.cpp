// SPDX-License-Identifier: Apache-2.0
#include "sim/step/timeline.hpp"

namespace sextant::sim {

StepTimeline step_timeline(const Run& run, const Parameters& parameters, int microbatches) {
  StepTimeline result{step_parts(run, parameters), {}};
  PipelineInput in = pipeline_input(run, result.parts);
  if (microbatches > 0) in.microbatches = microbatches;
  PipelineWorkspace workspace;
  result.timeline = pipeline_timeline(in, workspace);
  return result;
}

}  // namespace sextant::sim
