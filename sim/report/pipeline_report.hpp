// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/report/report.hpp"
#include "sim/report/step_trace.hpp"

namespace sextant::sim::report {

/// "sextant/pipeline/1": what each pipeline rank does with the time of the pipeline. Table "ranks": "rank", "busy_s",
/// "sending_s", "bubble_s", "bubble_share", "in_flight" (most micro-batches whose activations it holds).
[[nodiscard]] Report pipeline_report(const Run& run, const StepTimeline& step);

}  // namespace sextant::sim::report
