// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "hardware/reliability.hpp"
#include "sim/api.hpp"
#include "sim/report/display_units.hpp"

namespace sextant::sim::report {

/// Tag of what failures add to a step.
inline constexpr std::string_view goodput_tag = "goodput";

/// From the model's FLOPs at the dense 16-bit peak to the predicted step, loss by loss. Columns: "title", "tag" (of the
/// largest step term in the row, or what explains the end), "from_s", "to_s", "seconds", "share". Rows follow each
/// other: each begins where the one above ends. The first row's share is the MFU. With `reliability` two rows more:
/// what failures, checkpoints and planned stops add to each step on such a cluster, and the step with them.
[[nodiscard]] Table waterfall(const Run& run, const Prediction& prediction,
                              const std::optional<hardware::ReliabilityDefaults>& reliability = {});

/// "sextant/explain/1" of the rows with failures.
[[nodiscard]] Report explain_failures(const Run& run, const Prediction& prediction,
                                      const std::optional<hardware::ReliabilityDefaults>& reliability,
                                      DisplayUnits units = {});

}  // namespace sextant::sim::report
