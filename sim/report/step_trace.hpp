// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/report/to_chrome_trace.hpp"
#include "sim/run/run.hpp"
#include "sim/step/step.hpp"
#include "sim/step/timeline.hpp"

namespace sextant::sim::report {

/// One step as a trace: a process a pipeline rank; lanes for compute, expert exchange, sends either way and the end of
/// the step; arrows along the sends; the micro-batches in flight as a counter.
[[nodiscard]] TraceDocument step_trace(const Run& run, const StepTimeline& step, const StepEstimate& estimate);

}  // namespace sextant::sim::report
