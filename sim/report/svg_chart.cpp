// SPDX-License-Identifier: Apache-2.0
#include "sim/report/svg_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/report/text_layout.hpp"

namespace sextant::sim::report {

namespace {

constexpr double width = chart_width;
constexpr double label_width = 190;
constexpr double right = 40;
constexpr double plot_width = width - label_width - right;
constexpr std::size_t colours = chart_colours;

std::size_t place_of(std::vector<std::string>& list, const std::string& name) {
  const auto found = std::find(list.begin(), list.end(), name);
  if (found != list.end()) return static_cast<std::size_t>(found - list.begin());
  list.push_back(name);
  return list.size() - 1;
}

/// Values along the bottom to places.
struct Scale {
  double low = 0;
  double high = 1;
  bool logarithmic = false;

  [[nodiscard]] double x(double v) const {
    const double share =
        logarithmic ? std::log(std::max(v, low) / low) / std::log(high / low) : (v - low) / (high - low);
    return label_width + plot_width * std::clamp(share, 0.0, 1.0);
  }
};

Scale scale_of(const Chart& chart) {
  double low = chart.logarithmic ? 1e300 : 0;
  double high = chart.logarithmic ? 0 : 1e-300;
  const auto take = [&](double v) {
    if (chart.logarithmic && !(v > 0)) return;
    low = std::min(low, v);
    high = std::max(high, v);
  };
  for (const Chart::Mark& m : chart.marks) {
    take(m.from);
    take(m.to);
    if (m.middle) take(*m.middle);
    if (m.against) take(*m.against);
  }
  if (chart.limit) take(*chart.limit);
  if (chart.logarithmic) return {low / 1.2, high * 1.2, true};
  return {low, high + 0.02 * (high - low), false};
}

class Drawing {
 public:
  explicit Drawing(const Chart& chart) : chart_(chart), scale_(scale_of(chart)) {
    for (const Chart::Mark& m : chart.marks) {
      place_of(rows_, m.row);
      if (!m.series.empty()) place_of(series_, m.series);
    }
    const bool dense = chart.kind == Chart::Kind::gantt;
    const auto rows = static_cast<double>(rows_.size());
    row_height_ = dense ? std::clamp(320.0 / rows, 7.0, 18.0) : std::clamp(320.0 / rows, 16.0, 26.0);
    top_ = series_.size() < 2 ? 6 : add_legend(body_, series_, label_width, 4);
    bottom_ = top_ + row_height_ * static_cast<double>(rows_.size());
  }

  std::string svg() {
    grid();
    for (std::size_t i = 0; i < rows_.size(); ++i) row_label(i);
    for (const Chart::Mark& m : chart_.marks) mark(m);
    if (chart_.limit) {
      body_ += fmt::format("<line class=\"limit\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/>",
                           scale_.x(*chart_.limit), top_ - 2, bottom_ + 3);
    }
    return fmt::format("<svg class=\"chart\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">{}</svg>",
                       width, bottom_ + 38, escaped(chart_.title), body_);
  }

 private:
  void grid() {
    for (const double t : ticks(scale_.low, scale_.high, scale_.logarithmic)) {
      const double x = scale_.x(t);
      body_ += fmt::format(
          "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/><text class=\"dim\" "
          "x=\"{0:.1f}\" y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>",
          x, top_, bottom_, bottom_ + 14, escaped(tick_text(t, chart_.unit)));
    }
    body_ += fmt::format("<text class=\"dim\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>", width - right,
                         bottom_ + 31, escaped(chart_.axis));
  }

  void row_label(std::size_t i) {
    const bool small = row_height_ < 12;
    if (small && i % 2 == 1) return;
    constexpr std::size_t most = 30;
    std::string name = rows_[i];
    if (display_width(name) > most) name = name.substr(0, most - 1) + "\xE2\x80\xA6";
    body_ += fmt::format("<text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\"{}>{}</text>", label_width - 8,
                         top_ + row_height_ * (static_cast<double>(i) + 0.5) + 4, small ? " font-size=\"9\"" : "",
                         escaped(name));
  }

  void mark(const Chart::Mark& m) {
    const double y = top_ + row_height_ * static_cast<double>(place_of(rows_, m.row));
    const double inset = chart_.kind == Chart::Kind::gantt ? 0.5 : row_height_ < 24 ? 2 : 5;
    const double height = row_height_ - 2 * inset;
    const double x0 = scale_.x(std::min(m.from, m.to));
    const double x1 = scale_.x(std::max(m.from, m.to));
    const std::string colour = series_.empty() ? "band"
                               : chart_.kind == Chart::Kind::intervals && series_.size() == 1
                                   ? std::string("band")
                                   : fmt::format("c{}", place_of(series_, m.series) % colours);
    const std::string title = m.note.empty() ? std::string() : "<title>" + escaped(m.note) + "</title>";
    body_ +=
        fmt::format("<rect class=\"{} edge\" x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{:.1f}\">{}</rect>",
                    colour, x0, y + inset, std::max(0.4, x1 - x0), height, title);
    if (m.middle) {
      body_ += fmt::format("<line class=\"line\" x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\"/>",
                           scale_.x(*m.middle), y + inset - 2, y + row_height_ - inset + 2);
    }
    if (m.against) {
      const double x = scale_.x(*m.against);
      const double c = y + row_height_ / 2;
      body_ += fmt::format("<path class=\"mark\" d=\"M{:.1f} {:.1f}l6 6l-6 6l-6 -6z\"/>", x, c - 6);
    }
  }

  const Chart& chart_;
  Scale scale_;
  std::vector<std::string> rows_, series_;
  std::string body_;
  double row_height_ = 26;
  double top_ = 6;
  double bottom_ = 0;
};

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string tick_text(double value, Unit unit) {
  std::string text = format(value, unit);
  const std::size_t point = text.find('.');
  if (point == std::string::npos) return text;
  std::size_t end = point + 1;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  std::size_t keep = end;
  while (keep > point && (text[keep - 1] == '0' || text[keep - 1] == '.')) --keep;
  return text.erase(keep, end - keep);
}

double add_legend(std::string& body, const std::vector<std::string>& names, double x, double y) {
  const double left = x;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const double room = 28 + 7.2 * static_cast<double>(display_width(names[i]));
    if (x + room > chart_width) {
      x = left;
      y += 18;
    }
    body += fmt::format(
        "<rect class=\"c{}\" x=\"{:.0f}\" y=\"{:.0f}\" width=\"11\" height=\"11\"/><text x=\"{:.0f}\" "
        "y=\"{:.0f}\">{}</text>",
        i % chart_colours, x, y, x + 15, y + 10, escaped(names[i]));
    x += room;
  }
  return y + 22;
}

std::vector<double> ticks(double low, double high, bool logarithmic) {
  std::vector<double> out;
  if (!(high > low)) return out;
  constexpr double narrow = 4;  // less than this from end to end, and 1, 2, 5 are too few
  if (logarithmic && high / low > narrow) {
    const double decades = std::log10(high / low);
    for (double unit = std::pow(10, std::floor(std::log10(low))); unit <= high; unit *= 10) {
      for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0}) {
        const bool coarse = step == 2 || step == 5;
        if (step > 1 && (decades > 3 || (decades > 0.7 && !coarse))) continue;
        if (unit * step >= low && unit * step <= high) out.push_back(unit * step);
      }
    }
    return out;
  }
  constexpr double aim = 6;
  const double rough = (high - low) / aim;
  const double unit = std::pow(10, std::floor(std::log10(rough)));
  const double step = unit * (rough / unit < 1.5 ? 1 : rough / unit < 3.5 ? 2 : rough / unit < 7.5 ? 5 : 10);
  for (double t = std::ceil(low / step - 1e-9) * step; t <= high * (1 + 1e-9); t += step) out.push_back(t);
  return out;
}

std::string svg_chart(const Chart& chart) {
  if (chart.marks.empty()) return {};
  return chart.kind == Chart::Kind::scatter ? svg_scatter(chart) : Drawing(chart).svg();
}

}  // namespace sextant::sim::report
