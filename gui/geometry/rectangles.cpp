// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/geometry/rectangles.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "sim/report/difference.hpp"

namespace sextant::gui {

namespace {

constexpr double bar_half = 0.36;   // of a row's height
constexpr double lane_half = 0.46;  // lanes nearly touch

double number(const std::vector<report::Cell>& row, int column) {
  if (column < 0 || static_cast<std::size_t>(column) >= row.size()) return 0;
  const double* v = std::get_if<double>(&row[static_cast<std::size_t>(column)]);
  return v == nullptr ? 0 : *v;
}

QString text(const std::vector<report::Cell>& row, int column) {
  if (column < 0 || static_cast<std::size_t>(column) >= row.size()) return {};
  const auto* v = std::get_if<std::string>(&row[static_cast<std::size_t>(column)]);
  return v == nullptr ? QString() : QString::fromStdString(*v);
}

QString shown(double value, report::Unit unit) { return QString::fromStdString(report::format(value, unit)); }

/// Room for labels to the right of the longest bar.
constexpr double label_room = 1.22;

void fit_rows(RectChart& c, std::size_t rows) {
  c.y_low = 0;
  c.y_high = static_cast<double>(std::max<std::size_t>(rows, 1));
}

int pass_colour(const std::string& category, const std::string& name) {
  if (category == "forward") return 0;
  if (category == "backward" || category == "input gradient") return 1;
  if (category == "weight gradient") return 2;
  if (category == "forward and backward") return 4;
  if (category == "step") return 5;
  return name.starts_with("dispatch") ? 3 : 6;
}

}  // namespace

RectChart waterfall_bars(const report::Table& t) {
  RectChart c;
  const int from = column_of(t, "from_s");
  const int to = column_of(t, "to_s");
  const int share = column_of(t, "share");
  const std::size_t n = t.rows.size();
  for (std::size_t i = 0; i < n; ++i) {
    const auto& row = t.rows[i];
    const double y = static_cast<double>(n - i) - 0.5;
    const double a = number(row, from);
    const double b = number(row, to);
    const bool end = a == 0;  // losses begin where the one above ends
    Rect r{std::min(a, b), std::max(a, b), y - bar_half, y + bar_half};
    r.colour = end ? 0 : b >= a ? 1 : 2;
    r.label = shown(number(row, column_of(t, "seconds")), report::Unit::seconds);
    r.hint = QStringLiteral("%1: %2, %3 of the step")
                 .arg(text(row, column_of(t, "title")), r.label, shown(number(row, share), report::Unit::share));
    r.tag = text(row, column_of(t, "tag"));
    c.rows.push_back({y, text(row, column_of(t, "title"))});
    c.x_high = std::max(i == 0 ? 0.0 : c.x_high, r.x1);
    c.rects.push_back(std::move(r));
  }
  c.x_high *= label_room;
  fit_rows(c, n);
  return c;
}

RectChart ranked_bars(const report::Table& t, const BarColumns& columns, std::size_t most) {
  RectChart c;
  const int title = column_of(t, columns.title);
  const int value = column_of(t, columns.value);
  const int tag = column_of(t, columns.tag);
  std::vector<const std::vector<report::Cell>*> rows;
  for (const auto& row : t.rows) {
    if (number(row, value) != 0) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const auto* a, const auto* b) { return number(*a, value) > number(*b, value); });
  if (rows.size() > most) rows.resize(most);
  const report::Unit unit = value < 0 ? report::Unit::number : t.columns[static_cast<std::size_t>(value)].unit;
  c.x_high = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = static_cast<double>(rows.size() - i) - 0.5;
    const double v = number(*rows[i], value);
    Rect r{std::min(0.0, v), std::max(0.0, v), y - bar_half, y + bar_half};
    r.label = shown(v, unit);
    r.hint = text(*rows[i], title) + QStringLiteral(": ") + r.label;
    r.tag = text(*rows[i], tag);
    c.x_high = std::max(c.x_high, v);
    c.x_low = std::min(c.x_low, v);
    c.rows.push_back({y, text(*rows[i], title)});
    c.rects.push_back(std::move(r));
  }
  c.x_high = c.x_high > 0 ? c.x_high * label_room : 1;
  fit_rows(c, rows.size());
  return c;
}

RectChart stacked_columns(const report::Table& t, const std::vector<StackLayer>& layers) {
  RectChart c;
  c.y_high = 0;
  for (std::size_t i = 0; i < t.rows.size(); ++i) {
    const double x = static_cast<double>(i);
    double y = 0;
    for (std::size_t k = 0; k < layers.size(); ++k) {
      const int column = column_of(t, layers[k].column);
      const double v = number(t.rows[i], column);
      if (!(v > 0)) continue;
      Rect r{x - bar_half, x + bar_half, y, y + v};
      r.colour = static_cast<int>(k);
      r.hint = QStringLiteral("rank %1, %2: %3")
                   .arg(i)
                   .arg(QString::fromStdString(layers[k].column),
                        shown(v, t.columns[static_cast<std::size_t>(column)].unit));
      r.tag = QString::fromStdString(layers[k].tag);
      c.rects.push_back(std::move(r));
      y += v;
    }
    c.y_high = std::max(c.y_high, y);
    c.rows.push_back({y, QString::number(i)});
  }
  c.x_low = -0.6;
  c.x_high = static_cast<double>(t.rows.size()) - 0.4;
  return c;
}

RectChart band_bars(const std::vector<BandRow>& rows) {
  RectChart c;
  c.x_high = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const BandRow& b = rows[i];
    const double y = static_cast<double>(rows.size() - i) - 0.5;
    c.rows.push_back({y, b.title});
    c.x_high = std::max(c.x_high, b.high);
    if (b.high > b.low)
      c.rects.push_back({b.low, b.high, y - bar_half / 2, y + bar_half / 2, b.colour, true, {}, {}, b.tag});
    c.rects.push_back({b.mid, b.mid, y - bar_half, y + bar_half, b.colour, false, {}, {}, b.tag});
  }
  c.x_high *= 1.05;
  fit_rows(c, rows.size());
  return c;
}

RectChart gantt_rows(const report::TraceDocument& d, bool streams) {
  RectChart c;
  // Computing and the end of the step follow each other, so they share a row where streams are not told apart.
  const auto lane_of = [&d, streams](const report::TraceRectangle& s) {
    const bool last = static_cast<std::size_t>(s.lane) + 1 == d.lanes.size();
    return streams ? s.lane : s.lane == 0 || last ? 0 : -1;
  };
  std::map<std::pair<int, int>, double> row_of;  // of a rank and lane, from the top
  for (const report::TraceRectangle& s : d.slices) {
    if (lane_of(s) >= 0) row_of[{s.rank, lane_of(s)}] = 0;
  }
  double next = 0;
  int rank = -1;
  for (auto& [key, row] : row_of) {
    if (streams && rank >= 0 && key.first != rank) next += 0.3;  // ranks stand apart
    rank = key.first;
    row = next;
    next += 1;
  }
  c.y_high = std::max(next, 1.0);
  for (const auto& [key, row] : row_of) {
    const double y = c.y_high - row - 0.5;
    const std::string& lane = d.lanes[static_cast<std::size_t>(key.second)];
    if (key.second == 0)
      c.rows.push_back({y, QStringLiteral("rank %1").arg(key.first)});
    else
      c.rows.push_back({y, QString::fromStdString(lane)});
  }
  c.x_high = 0;
  for (const report::TraceRectangle& s : d.slices) {
    if (lane_of(s) < 0) continue;
    const double y = c.y_high - row_of[{s.rank, lane_of(s)}] - 0.5;
    Rect r{s.start.value(), (s.start + s.duration).value(), y - lane_half, y + lane_half};
    r.colour = pass_colour(s.category, s.name);
    r.label = QString::fromStdString(s.name);
    r.tag = QString::fromStdString(s.tag);
    r.hint = QStringLiteral("%1, %2\n%3 from %4")
                 .arg(r.label, QString::fromStdString(s.category), shown(s.duration.value(), report::Unit::seconds),
                      shown(s.start.value(), report::Unit::seconds));
    for (const auto& [name, value] : s.arguments) {
      r.hint += QStringLiteral("\n%1 %2").arg(QString::fromStdString(name)).arg(value);
    }
    c.x_high = std::max(c.x_high, r.x1);
    c.rects.push_back(std::move(r));
  }
  return c;
}

int rect_at(const std::vector<Rect>& rects, double x, double y) {
  for (std::size_t i = rects.size(); i-- > 0;) {
    const Rect& r = rects[i];
    if (x >= r.x0 && x <= r.x1 && y >= r.y0 && y <= r.y1) return static_cast<int>(i);
  }
  return -1;
}

int rect_in_row(const std::vector<Rect>& rects, double y) {
  for (std::size_t i = rects.size(); i-- > 0;) {
    if (y >= rects[i].y0 && y <= rects[i].y1) return static_cast<int>(i);
  }
  return -1;
}

int next_tagged(const std::vector<Rect>& rects, int from, int step) {
  for (int i = from + step; i >= 0 && i < static_cast<int>(rects.size()); i += step) {
    const Rect& r = rects[static_cast<std::size_t>(i)];
    // A band and its middle are one thing.
    const bool same = from >= 0 && r.tag == rects[static_cast<std::size_t>(from)].tag &&
                      r.y0 < rects[static_cast<std::size_t>(from)].y1 &&
                      r.y1 > rects[static_cast<std::size_t>(from)].y0;
    if (!r.tag.isEmpty() && !same) return i;
  }
  return from;
}

}  // namespace sextant::gui
