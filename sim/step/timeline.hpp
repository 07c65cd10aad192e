// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"
#include "sim/schedule/executor.hpp"
#include "sim/step/step_parts.hpp"

namespace sextant::sim {

/// The pipeline of one step, item by item, with the parts its times come from. The optimizer and the reduction of
/// gradients follow at the makespan's end.
struct StepTimeline {
  StepParts parts;
  schedule::Timeline timeline;
};

/// `microbatches`: how many to show; 0: all of the step's (rounded).
[[nodiscard]] StepTimeline step_timeline(const Run& run, const Parameters& parameters, int microbatches = 0);

}  // namespace sextant::sim
