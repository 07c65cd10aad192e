// SPDX-License-Identifier: GPL-3.0-or-later
// Where charts put their rectangles, as plain arithmetic on finished numbers. Rows count from the top.
#pragma once

#include <QString>
#include <vector>

#include "sim/report/report.hpp"
#include "sim/report/to_chrome_trace.hpp"

namespace sextant::gui {

namespace report = sim::report;

/// One rectangle in chart coordinates.
struct Rect {
  double x0 = 0, x1 = 0;
  double y0 = 0, y1 = 0;
  int colour = 0;     ///< of the palette's series
  bool soft = false;  ///< drawn lighter
  QString label{};    ///< inside, where there is room
  QString hint{};     ///< when the mouse is over it
  QString tag{};      ///< what a click asks for
};

/// A text beside a row.
struct RowLabel {
  double y = 0;
  QString text;
};

struct RectChart {
  std::vector<Rect> rects;
  std::vector<RowLabel> rows;
  double x_low = 0, x_high = 1;
  double y_low = 0, y_high = 1;  ///< y grows upwards
};

/// The waterfall's rows as bars from where each begins to where it ends. Losses and gains have colours of their own.
[[nodiscard]] RectChart waterfall_bars(const report::Table& waterfall);

/// Bars of a table's rows beside each other: `value` against `title`; at most `most` rows, largest first.
struct BarColumns {
  std::string title, value, tag;
};
[[nodiscard]] RectChart ranked_bars(const report::Table& table, const BarColumns& columns, std::size_t most);

/// One vertical stack a row of the table: `layers` from below, in their order.
struct StackLayer {
  std::string column;
  std::string tag{};  ///< what a click on it asks for
};
[[nodiscard]] RectChart stacked_columns(const report::Table& table, const std::vector<StackLayer>& layers);

/// Bands as low..high with a mark at mid, one row each.
struct BandRow {
  QString title;
  double low = 0, mid = 0, high = 0;
  int colour = 0;
  QString tag{};  ///< what a click asks for
};
[[nodiscard]] RectChart band_bars(const std::vector<BandRow>& rows);

/// One row a rank: what it computes, then the end of the step; with `streams` every lane that has slices in a row of
/// its own, rank by rank.
[[nodiscard]] RectChart gantt_rows(const report::TraceDocument& trace, bool streams);

/// The rectangle under a point; -1 where there is none. The last drawn wins.
[[nodiscard]] int rect_at(const std::vector<Rect>& rects, double x, double y);

/// The rectangle in the row at this height, however thin or far it is; -1 between rows.
[[nodiscard]] int rect_in_row(const std::vector<Rect>& rects, double y);

/// The next rectangle with a tag after `from`, backwards where `step` is -1; `from` where there is no other.
[[nodiscard]] int next_tagged(const std::vector<Rect>& rects, int from, int step);

}  // namespace sextant::gui
