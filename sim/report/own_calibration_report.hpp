// SPDX-License-Identifier: Apache-2.0
// What a user's own measurements changed: sextant/own-calibration/1.
#pragma once

#include <span>

#include "sim/report/report.hpp"
#include "sim/validation/validation.hpp"

namespace sextant::sim::report {

/// The same rows as `before` and `after` predict them, and the parameters that moved.
[[nodiscard]] Report own_calibration_report(const Validation& before, const Validation& after,
                                            const Calibration& shipped, const Calibration& refitted,
                                            std::span<const Parameter> moved);

}  // namespace sextant::sim::report
