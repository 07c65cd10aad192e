// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hardware/reliability.hpp"
#include "sim/api.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// From the model's FLOPs at the dense 16-bit peak to the predicted step, loss by loss. Columns: "title", "tag" (of the
/// largest step term in the row; empty for the ends), "from_s", "to_s", "seconds", "share". Rows follow each other:
/// each begins where the one above ends. The first row's share is the MFU. With `reliability` two rows more: what
/// failures, checkpoints and planned stops add to each step on such a cluster, and the step with them.
[[nodiscard]] Table waterfall(const Run& run, const Prediction& prediction,
                              const std::optional<hardware::ReliabilityDefaults>& reliability = {});

}  // namespace sextant::sim::report
