// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/report/report.hpp"
#include "sim/search/plan.hpp"

namespace sextant::sim::report {

/// What a plan proposes, each layout once, fastest first. Table "layouts" with "id", "gpus", "days", "cost_usd",
/// "gpu_hours", "step_time_s", "mfu", "memory_headroom_gb", "layout", "recompute", "limits" (which it breaks), "front"
/// (nothing is both faster and cheaper), and one column for each key of a run that a layout decides, by its JSON
/// pointer ("/parallelism/tp" ...; absent: left out of the run).
[[nodiscard]] Table plan_layouts(const search::Plan& plan);

}  // namespace sextant::sim::report
