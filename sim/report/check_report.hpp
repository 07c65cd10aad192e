// SPDX-License-Identifier: Apache-2.0
// Checked claims as reports: sextant/check/1, and the table of many: sextant/checks/1.
#pragma once

#include <string_view>
#include <vector>

#include "sim/claims/check.hpp"
#include "sim/report/display_units.hpp"

namespace sextant::sim::report {

/// `units`: of amounts in sentences; those of the check were chosen with it.
[[nodiscard]] Report check_report(const Check& check, DisplayUnits units = {});

/// `scale`: what the claimed budgets were multiplied by.
[[nodiscard]] Report checks_report(const std::vector<Check>& checks, double scale = 1);

/// The numbers of one claim, as figures, out of the table "claims" of many; without items where it holds none.
[[nodiscard]] Report claim_figures(const Table& claims, std::string_view id);
/// The same out of a checked claim's report.
[[nodiscard]] Report claim_figures(const Report& check);

}  // namespace sextant::sim::report
