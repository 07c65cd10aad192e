// SPDX-License-Identifier: Apache-2.0
// The same report in the units a reader asks for. Files and programs keep days and dollars.
#pragma once

#include "base/amounts.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

using sextant::cny_per_usd;
using sextant::DisplayUnits;
using sextant::hours_a_day;

/// The unit that is shown for one that is stored.
[[nodiscard]] Unit shown_unit(Unit stored, DisplayUnits units);
/// How many shown units a stored one is.
[[nodiscard]] double shown_factor(Unit stored, DisplayUnits units);
/// 51.4 days as "1,233 h".
[[nodiscard]] std::string format(double value, Unit stored, DisplayUnits units);

/// Figures, table columns and charts in the units asked for.
[[nodiscard]] Table in_units(Table table, DisplayUnits units);
[[nodiscard]] Report in_units(Report report, DisplayUnits units);

/// Where the rate comes from; empty where none is used.
[[nodiscard]] std::string rate_note(DisplayUnits units);

}  // namespace sextant::sim::report
