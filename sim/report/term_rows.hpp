// SPDX-License-Identifier: Apache-2.0
// A step's or a part's terms as a table that says where each comes from.
#pragma once

#include <string>
#include <vector>

#include "sim/report/report.hpp"
#include "sim/step/terms.hpp"

namespace sextant::sim::report {

/// Without rows.
[[nodiscard]] Table terms_table(std::string title);

/// A row of it: `time` of `whole` under a title, with the formula and source of `info`.
[[nodiscard]] std::vector<Cell> term_row(std::string title, Seconds time, Seconds whole, const TermInfo& info);

}  // namespace sextant::sim::report
