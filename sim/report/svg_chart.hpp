// SPDX-License-Identifier: Apache-2.0
// Charts as inline SVG, coloured by the page's style sheet.
#pragma once

#include <string>
#include <string_view>

#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// An <svg> element; empty without marks.
[[nodiscard]] std::string svg_chart(const Chart& chart);

/// The text with the characters that HTML and XML keep for themselves written as entities.
[[nodiscard]] std::string escaped(std::string_view text);

/// Round numbers that part a range into four to eight, e.g. 0, 5, 10, 15.
[[nodiscard]] std::vector<double> ticks(double low, double high, bool logarithmic);

}  // namespace sextant::sim::report
