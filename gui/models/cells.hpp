// SPDX-License-Identifier: GPL-3.0-or-later
// Cells of reports as views want them.
#pragma once

#include <QString>
#include <initializer_list>
#include <string_view>

#include "sim/report/report.hpp"

namespace sextant::gui {

using Row = std::vector<sim::report::Cell>;

/// The number in a column; nullptr where there is none.
[[nodiscard]] const double* number_at(const Row& row, int column);
/// The text in a column; "" where there is none.
[[nodiscard]] QString text_at(const Row& row, int column);
[[nodiscard]] QString formatted(double value, sim::report::Unit unit);
/// The table with the titles of all columns but these taken away: views show what has a title.
[[nodiscard]] sim::report::Table with_columns(sim::report::Table table, std::initializer_list<std::string_view> keys);

}  // namespace sextant::gui
