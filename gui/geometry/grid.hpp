// SPDX-License-Identifier: GPL-3.0-or-later
// Places in grids and on progress bars.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace sextant::gui {

struct GridCell {
  int row = 0;
  int column = 0;
};

/// Of the i-th of many, row by row.
[[nodiscard]] constexpr GridCell grid_cell(int i, int columns) { return {i / columns, i % columns}; }

/// Columns of a legend: as many as fit beside each other, at most `most` (0: all), each as wide as its widest entry.
[[nodiscard]] inline int legend_columns(const std::vector<int>& widths, int available, int most) {
  const int n = static_cast<int>(widths.size());
  for (int columns = most > 0 ? std::min(most, n) : n; columns > 1; --columns) {
    int sum = 0;
    for (int c = 0; c < columns; ++c) {
      int widest = 0;
      for (int i = c; i < n; i += columns) widest = std::max(widest, widths[static_cast<std::size_t>(i)]);
      sum += widest;
    }
    if (sum <= available) return columns;
  }
  return 1;
}

/// Widths of a table's columns: `natural` where they fill what is there or more, the one that stretches taking up to
/// its own natural width again; what is left over is spread, so that numbers stay near the names they belong to.
[[nodiscard]] inline std::vector<int> column_widths(std::vector<int> natural, int stretch, int available, int least) {
  const auto at = static_cast<std::size_t>(stretch);
  int others = 0;
  for (std::size_t i = 0; i < natural.size(); ++i) others += i == at ? 0 : natural[i];
  const int rest = available - others;
  const int wanted = natural[at] + natural[at] / 2;
  if (rest <= wanted) {
    natural[at] = std::max(rest, least);
    return natural;
  }
  const int spread = (rest - wanted) / static_cast<int>(natural.size());
  for (int& w : natural) w += spread;
  natural[at] = available;
  for (std::size_t i = 0; i < natural.size(); ++i) natural[at] -= i == at ? 0 : natural[i];
  return natural;
}

/// Where a bar that begins at `left` and may be `width` long ends.
[[nodiscard]] inline double bar_end(double left, double width, double share) {
  return left + width * std::fmin(std::fmax(share, 0.0), 1.0);
}

/// 0..1 as whole percent.
[[nodiscard]] inline int percent_of(double share) { return static_cast<int>(std::lround(share * 100)); }

}  // namespace sextant::gui
