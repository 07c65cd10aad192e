// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/svg_chart.hpp"

namespace sextant::sim::report {

namespace {

constexpr double left = 90;
constexpr double right = 40;
constexpr double height = 260;  ///< of the plot

/// Values to places between two ends, with a margin so that no point lies on the edge.
struct Axis {
  double low = 0, high = 1, begin = 0, end = 1;

  void take(double v) {
    low = std::min(low, v);
    high = std::max(high, v);
  }
  void widen() {
    const double margin = high > low ? 0.08 * (high - low) : std::max(1.0, 0.1 * std::abs(high));
    const bool below_zero = low < 0;
    low -= margin;
    high += margin;
    if (!below_zero) low = std::max(0.0, low);
  }
  [[nodiscard]] double at(double v) const { return begin + (v - low) / (high - low) * (end - begin); }
};

class Scatter {
 public:
  explicit Scatter(const Chart& chart) : chart_(chart) {
    for (const Chart::Mark& m : chart.marks) {
      if (std::find(series_.begin(), series_.end(), m.series) == series_.end()) series_.push_back(m.series);
    }
    top_ = (series_.size() < 2 ? 6 : add_legend(body_, series_, left, 4)) + 16;
    x_ = {chart.marks.front().from, chart.marks.front().from, left, chart_width - right};
    y_ = {chart.marks.front().to, chart.marks.front().to, top_ + height, top_};
    for (const Chart::Mark& m : chart.marks) {
      x_.take(m.from);
      y_.take(m.to);
    }
    x_.widen();
    y_.widen();
  }

  std::string svg() {
    grid();
    join();
    for (const Chart::Mark& m : chart_.marks) point(m);
    return fmt::format("<svg class=\"chart\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">{}</svg>",
                       chart_width, top_ + height + 38, escaped(chart_.title), body_);
  }

 private:
  void text(double x, double y, std::string_view anchor, const std::string& words) {
    body_ += fmt::format("<text class=\"dim\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>", x, y, anchor,
                         escaped(words));
  }
  void line(double x0, double y0, double x1, double y1) {
    body_ +=
        fmt::format("<line class=\"grid\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>", x0, y0, x1, y1);
  }

  void grid() {
    const double bottom = top_ + height;
    for (const double t : ticks(x_.low, x_.high, false)) {
      line(x_.at(t), top_, x_.at(t), bottom);
      text(x_.at(t), bottom + 14, "middle", tick_text(t, chart_.unit));
    }
    for (const double t : ticks(y_.low, y_.high, false)) {
      line(left, y_.at(t), chart_width - right, y_.at(t));
      text(left - 8, y_.at(t) + 4, "end", tick_text(t, chart_.up_unit));
    }
    text(chart_width - right, bottom + 31, "end", chart_.axis);
    text(left, top_ - 6, "start", chart_.up);
  }

  void join() {
    std::string path;
    for (const Chart::Mark& m : chart_.marks) {
      if (m.series != chart_.joined) continue;
      path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x_.at(m.from), y_.at(m.to));
    }
    if (!chart_.joined.empty() && !path.empty()) body_ += "<path class=\"join\" d=\"" + path + "\"/>";
  }

  void point(const Chart::Mark& m) {
    const auto series = std::find(series_.begin(), series_.end(), m.series) - series_.begin();
    const double x = x_.at(m.from);
    const double y = y_.at(m.to);
    body_ += fmt::format("<circle class=\"c{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\"><title>{}</title></circle>",
                         static_cast<std::size_t>(series) % chart_colours, x, y, escaped(m.note));
    // A label that would lie on an earlier one is left out; pointing at the mark tells it.
    constexpr double room = 16;
    const bool free = std::none_of(labels_.begin(), labels_.end(), [&](const auto& other) {
      return std::abs(other.first - x) < 3 * room && std::abs(other.second - y) < room;
    });
    if (m.row.empty() || !free) return;
    labels_.emplace_back(x, y);
    text(x, y - 9, "middle", m.row);
  }

  const Chart& chart_;
  std::vector<std::string> series_;
  std::vector<std::pair<double, double>> labels_;
  std::string body_;
  double top_ = 6;
  Axis x_, y_;
};

}  // namespace

std::string svg_scatter(const Chart& chart) { return Scatter(chart).svg(); }

}  // namespace sextant::sim::report
