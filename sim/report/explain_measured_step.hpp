// SPDX-License-Identifier: Apache-2.0
// Where the figures of a measured step beside its prediction, and of a set of them, come from: "sextant/explain/1".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/validation_report.hpp"

namespace sextant::sim::report {

[[nodiscard]] std::string measured_step_tag(std::string_view row);
[[nodiscard]] std::string measured_set_tag(std::string_view set);
[[nodiscard]] bool explains_measured(std::string_view tag);

/// Of a row: measurement and source, prediction with its terms and band, parameters. Of a set: how the errors are
/// counted, by group, and the worst rows. Without items where the tag is of neither.
[[nodiscard]] Report explain_measured(const std::vector<ValidationBeside>& sets, const Calibration& calibration,
                                      std::string_view tag);

}  // namespace sextant::sim::report
