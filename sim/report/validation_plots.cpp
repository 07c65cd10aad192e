// SPDX-License-Identifier: Apache-2.0
#include "sim/report/validation_plots.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/report/svg_chart.hpp"
#include "sim/report/text_layout.hpp"

namespace sextant::sim::report {

namespace {

constexpr double width = 760;
constexpr double left = 64;
constexpr double right = 16;
constexpr double top = 34;
constexpr double legend_line = 18;
constexpr int colours = 10;

// The colours of the HTML page; points are round caps of lines without length, a tenth of a circle's text.
constexpr std::string_view style_sheet =
    ":root{color-scheme:light dark;--ink:#1b1f24;--dim:#5b6570;--paper:#fff;--rule:#d8dee4;--bar:#2f6f9f}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6e9ec;--dim:#9aa4ae;--paper:#16191d;--rule:#343b43;--bar:#6fb1dd}}"
    "text{font:12px system-ui,sans-serif;fill:var(--ink)}.title{font-size:14px;font-weight:600}.dim{fill:var(--dim)}"
    ".paper{fill:var(--paper)}.grid{stroke:var(--rule)}.line{stroke:var(--ink);fill:none;stroke-width:1.3}"
    ".tenth{stroke:var(--dim);fill:none;stroke-dasharray:5 4}.band{fill:var(--bar);opacity:.16}"
    ".median{stroke:var(--bar);fill:none;stroke-width:2.5}.p{fill:none;stroke-width:4.4;stroke-linecap:round;opacity:."
    "75}"
    ".c0{stroke:#3b76af}.c1{stroke:#e08e36}.c2{stroke:#519e53}.c3{stroke:#c04e4e}.c4{stroke:#8a6bb8}.c5{stroke:#8c6a56}"
    ".c6{stroke:#d480b3}.c7{stroke:#7f8790}.c8{stroke:#b8ab33}.c9{stroke:#45b0bd}";

/// Places of values along an axis.
struct Axis {
  double low = 0;
  double high = 1;
  bool logarithmic = false;
  double from = 0;  ///< pixels of `low`
  double to = 1;

  [[nodiscard]] double at(double v) const {
    const double clamped = std::clamp(v, low, high);
    const double share = logarithmic ? std::log(clamped / low) / std::log(high / low) : (clamped - low) / (high - low);
    return from + (to - from) * share;
  }
};

std::string percent(double v) { return fmt::format("{:+.0f} %", 100 * v); }
std::string plain(double v) { return fmt::format("{:g}", v); }

class Plot {
 public:
  Plot(std::span<const PlotPoint> points, std::string title) : points_(points), title_(std::move(title)) {
    for (const PlotPoint& p : points) series_[p.regime] += 1;
  }

  /// Axes below the title and the legend; returns what lies under everything else.
  void lay_out(Axis x, Axis y, double plot_height) {
    const double begin = legend();
    x_ = x;
    y_ = y;
    x_.from = left;
    x_.to = width - right;
    y_.from = begin + plot_height;
    y_.to = begin;
    height_ = begin + plot_height + 44;
  }

  void grid(const std::vector<double>& x_ticks, const std::vector<double>& y_ticks, std::string (*y_text)(double),
            std::string_view x_title, std::string_view y_title) {
    for (const double t : x_ticks) {
      body_ += fmt::format(
          "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/><text class=\"dim\" "
          "x=\"{0:.1f}\" y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>\n",
          x_.at(t), y_.to, y_.from, y_.from + 16, plain(t));
    }
    for (const double t : y_ticks) {
      body_ += fmt::format(
          "<line class=\"grid\" x1=\"{1:.1f}\" y1=\"{0:.1f}\" x2=\"{2:.1f}\" y2=\"{0:.1f}\"/><text class=\"dim\" "
          "x=\"{3:.1f}\" y=\"{4:.1f}\" text-anchor=\"end\">{5}</text>\n",
          y_.at(t), x_.from, x_.to, x_.from - 6, y_.at(t) + 4, y_text(t));
    }
    body_ += fmt::format("<text class=\"dim\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", x_.to,
                         y_.from + 34, escaped(x_title));
    body_ += fmt::format("<text class=\"dim\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", 4.0, y_.to - 8, escaped(y_title));
  }

  using Place = std::pair<double, double>;  // in the units of the axes

  void line(std::string_view css, const std::vector<Place>& places, bool closed = false) {
    body_ += fmt::format("<path class=\"{}\" d=\"", css);
    for (std::size_t i = 0; i < places.size(); ++i)
      body_ += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : "L", x_.at(places[i].first), y_.at(places[i].second));
    body_ += closed ? "Z\"/>\n" : "\"/>\n";
  }

  /// All points of one colour in one path, the larger groups below.
  template <class F>
  void dots(F place) {
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [name, n] : series_) order.emplace_back(-n, name);
    std::sort(order.begin(), order.end());
    for (const auto& [n, name] : order) {
      std::string d;
      for (std::size_t i = 0; i < points_.size(); ++i) {
        if (points_[i].regime != name) continue;
        const Place at = place(i, points_[i]);
        d += fmt::format("M{:.1f} {:.1f}h0", x_.at(at.first), y_.at(at.second));
      }
      body_ += fmt::format("<path class=\"p c{}\" d=\"{}\"/>\n", colour_of(name), d);
    }
  }

  [[nodiscard]] std::string svg() const {
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" role=\"img\" aria-label=\"{2}\">\n<style>{3}</style>\n<rect class=\"paper\" "
        "width=\"{0:.0f}\" height=\"{1:.0f}\"/>\n<text class=\"title\" x=\"4\" y=\"18\">{2}</text>\n{4}</svg>\n",
        width, height_, escaped(title_), style_sheet, body_);
  }

 private:
  [[nodiscard]] std::size_t colour_of(const std::string& name) const {
    return static_cast<std::size_t>(std::distance(series_.begin(), series_.find(name))) % colours;
  }

  /// Names of the regimes with their rows; where the plot begins.
  double legend() {
    double x = left;
    double y = top;
    for (const auto& [name, n] : series_) {
      const std::string text = fmt::format("{} ({})", name, n);
      const double room = 26 + 6.6 * static_cast<double>(display_width(text));
      if (x + room > width) {
        x = left;
        y += legend_line;
      }
      body_ += fmt::format("<path class=\"p c{}\" d=\"M{:.1f} {:.1f}h8\"/><text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
                           colour_of(name), x, y - 4, x + 14, y, escaped(text));
      x += room;
    }
    return y + 30;
  }

  std::span<const PlotPoint> points_;
  std::string title_;
  std::map<std::string, int> series_;
  Axis x_, y_;
  double height_ = 0;
  std::string body_;
};

/// What one octave of GPU counts shows.
struct Octave {
  double gpus = 1;
  double median = 0;
  double half_width = 0;
};

constexpr std::size_t least_rows = 5;  // fewer have no median worth drawing

std::vector<Octave> octaves(std::span<const PlotPoint> points) {
  std::map<long, std::pair<std::vector<double>, std::vector<double>>> bins;
  for (const PlotPoint& p : points) {
    auto& [errors, widths] = bins[std::lround(std::log2(p.gpus))];
    errors.push_back(p.predicted_s / p.measured_s - 1.0);
    widths.push_back(p.half_width);
  }
  std::vector<Octave> list;
  for (auto& [octave, bin] : bins) {
    if (bin.first.size() < least_rows) continue;
    list.push_back({std::exp2(static_cast<double>(octave)), quantile(bin.first, 0.5), quantile(bin.second, 0.5)});
  }
  return list;
}

}  // namespace

std::vector<PlotPoint> plot_points(std::span<const ValidationRow> rows) {
  std::vector<PlotPoint> points;
  for (const ValidationRow& r : rows)
    points.push_back(
        {r.measured.value(), r.band.mid.value(), r.errors.half_width, r.run.cluster.gpus, r.errors.regime});
  return points;
}

std::vector<PlotPoint> plot_points(std::span<const ValidationRow> rows, std::span<const LeftOutRow> left_out) {
  std::vector<PlotPoint> points = plot_points(rows);
  for (std::size_t i = 0; i < std::min(points.size(), left_out.size()); ++i) {
    points[i].predicted_s = left_out[i].band.mid.value();
    points[i].half_width = left_out[i].errors.half_width;
    points[i].regime = left_out[i].errors.regime;
  }
  return points;
}

std::string scatter_svg(std::span<const PlotPoint> points, const std::string& title) {
  if (points.empty()) return {};
  double low = points.front().measured_s;
  double high = low;
  for (const PlotPoint& p : points) {
    low = std::min({low, p.measured_s, p.predicted_s});
    high = std::max({high, p.measured_s, p.predicted_s});
  }
  low /= 1.2;
  high *= 1.2;
  Plot plot(points, title);
  const Axis axis{.low = low, .high = high, .logarithmic = true};
  plot.lay_out(axis, axis, 560);
  const std::vector<double> at = ticks(low, high, true);
  plot.grid(at, at, plain, "measured step time, s", "predicted, s");
  constexpr double tenth = 1.1;
  plot.line("line", {{low, low}, {high, high}});
  plot.line("tenth", {{low, low * tenth}, {high / tenth, high}});
  plot.line("tenth", {{low * tenth, low}, {high, high / tenth}});
  plot.dots([](std::size_t, const PlotPoint& p) { return Plot::Place{p.measured_s, p.predicted_s}; });
  return plot.svg();
}

std::string error_by_scale_svg(std::span<const PlotPoint> points, const std::string& title) {
  if (points.empty()) return {};
  constexpr double most = 0.5;
  double gpus = 2;
  for (const PlotPoint& p : points) gpus = std::max(gpus, static_cast<double>(p.gpus));
  Plot plot(points, title);
  plot.lay_out({.low = 0.7, .high = gpus * 1.5, .logarithmic = true}, {.low = -most, .high = most}, 420);
  std::vector<double> powers;
  for (double g = 1; g < gpus * 1.5; g *= 2) powers.push_back(g);
  plot.grid(powers, {-0.5, -0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.5}, percent, "GPUs",
            "predicted / measured - 1; beyond 50 % at the edge");
  const std::vector<Octave> seen = octaves(points);
  std::vector<Plot::Place> band;
  std::vector<Plot::Place> median;
  for (const Octave& o : seen) {
    // A measurement is in its band when the error is: predicted / measured within exp(+-half width).
    band.emplace_back(o.gpus, std::expm1(o.half_width));
    median.emplace_back(o.gpus, o.median);
  }
  for (auto o = seen.rbegin(); o != seen.rend(); ++o) band.emplace_back(o->gpus, std::expm1(-o->half_width));
  if (seen.size() > 1) plot.line("band", band, true);
  plot.line("line", {{0.7, 0}, {gpus * 1.5, 0}});
  // Spread over most of an octave, always the same way: a thousand rows have 1, 2, 4 or 8 GPUs.
  plot.dots([](std::size_t i, const PlotPoint& p) {
    const double turn = static_cast<double>(i) * 0.6180339887498949;
    return Plot::Place{p.gpus * std::exp2(0.5 * (turn - std::floor(turn) - 0.5)), p.predicted_s / p.measured_s - 1.0};
  });
  if (seen.size() > 1) plot.line("median", median);
  return plot.svg();
}

}  // namespace sextant::sim::report
