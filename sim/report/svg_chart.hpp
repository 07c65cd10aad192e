// SPDX-License-Identifier: Apache-2.0
// Charts as inline SVG, coloured by the page's style sheet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// An <svg> element; empty without marks.
[[nodiscard]] std::string svg_chart(const Chart& chart);

/// The text with the characters that HTML and XML keep for themselves written as entities.
[[nodiscard]] std::string escaped(std::string_view text);

/// "10 K", "2.5 s", "20 %": a tick has no more digits than it needs.
[[nodiscard]] std::string tick_text(double value, Unit unit);

/// Width of every chart in its own units.
inline constexpr double chart_width = 760;
/// Colours that the style sheet knows: c0, c1, ...
inline constexpr std::size_t chart_colours = 10;

/// A legend of names with their colours from (x, y) on, appended to `body`; where what follows begins.
[[nodiscard]] double add_legend(std::string& body, const std::vector<std::string>& names, double x, double y);

/// Chart::Kind::scatter (svg_scatter.cpp).
[[nodiscard]] std::string svg_scatter(const Chart& chart);

/// Round numbers that part a range into four to eight, e.g. 0, 5, 10, 15.
[[nodiscard]] std::vector<double> ticks(double low, double high, bool logarithmic);

}  // namespace sextant::sim::report
