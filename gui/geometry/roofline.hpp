// SPDX-License-Identifier: GPL-3.0-or-later
// Measured kernels as points over a roofline.
#pragma once

#include <vector>

#include "gui/charts/scatter_chart.hpp"
#include "sim/report/report.hpp"

namespace sextant::gui {

/// Work over traffic against measured FLOP/s of each row of the table "samples" that counts FLOPs, grouped by kernel.
[[nodiscard]] std::vector<PointGroup> roofline_points(const sim::report::Table& samples);

}  // namespace sextant::gui
