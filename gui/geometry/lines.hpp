// SPDX-License-Identifier: GPL-3.0-or-later
// Lines beneath points: what a chart compares with.
#pragma once

#include <vector>

#include "gui/charts/scatter_chart.hpp"

namespace sextant::gui {

/// y = x and, dashed, y = x times (1 + band) and over it; for logarithmic axes of seconds.
[[nodiscard]] std::vector<Line> identity_lines(double band);

/// A GPU's roofs: memory up to the ridge, then the peaks.
[[nodiscard]] std::vector<Line> roof_lines(const std::vector<std::pair<QString, double>>& peaks, double bytes_per_s);

}  // namespace sextant::gui
