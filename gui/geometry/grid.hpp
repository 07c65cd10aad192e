// SPDX-License-Identifier: GPL-3.0-or-later
// Places in grids and on progress bars.
#pragma once

#include <cmath>

namespace sextant::gui {

struct GridCell {
  int row = 0;
  int column = 0;
};

/// Of the i-th of many, row by row.
[[nodiscard]] constexpr GridCell grid_cell(int i, int columns) { return {i / columns, i % columns}; }

/// Where a bar that begins at `left` and may be `width` long ends.
[[nodiscard]] inline double bar_end(double left, double width, double share) {
  return left + width * std::fmin(std::fmax(share, 0.0), 1.0);
}

/// 0..1 as whole percent.
[[nodiscard]] inline int percent_of(double share) { return static_cast<int>(std::lround(share * 100)); }

}  // namespace sextant::gui
