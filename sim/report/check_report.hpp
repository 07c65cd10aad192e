// SPDX-License-Identifier: Apache-2.0
// Checked claims as reports: sextant/check/1, and the table of many: sextant/checks/1.
#pragma once

#include <vector>

#include "sim/claims/check.hpp"
#include "sim/report/display_units.hpp"

namespace sextant::sim::report {

/// `units`: of amounts in sentences; those of the check were chosen with it.
[[nodiscard]] Report check_report(const Check& check, DisplayUnits units = {});

/// `scale`: what the claimed budgets were multiplied by.
[[nodiscard]] Report checks_report(const std::vector<Check>& checks, double scale = 1);

}  // namespace sextant::sim::report
