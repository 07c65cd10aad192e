// SPDX-License-Identifier: Apache-2.0
#include "sim/report/text_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sextant::sim::report {

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty() || lines.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string padded_left(std::string_view text, std::size_t width) {
  const std::size_t w = display_width(text);
  return std::string(w < width ? width - w : 0, ' ') + std::string(text);
}

std::string padded_right(std::string_view text, std::size_t width) {
  const std::size_t w = display_width(text);
  return std::string(text) + std::string(w < width ? width - w : 0, ' ');
}

std::string bar(double share, std::size_t width, bool unicode) {
  static constexpr std::array<std::string_view, 8> eighths{"",       "\u258F", "\u258E", "\u258D",
                                                           "\u258C", "\u258B", "\u258A", "\u2589"};
  if (!(share > 0)) return "";
  const double length = std::min(1.0, share) * static_cast<double>(width);
  if (!unicode) return std::string(static_cast<std::size_t>(std::lround(length)), '#');
  const auto units = static_cast<std::size_t>(std::lround(length * 8));
  std::string out;
  for (std::size_t i = 0; i < units / 8; ++i) out += "\u2588";
  return out + std::string(eighths[units % 8]);
}

namespace {

struct CellText {
  Unit unit;
  std::string operator()(std::monostate) const { return "-"; }
  std::string operator()(bool v) const { return v ? "yes" : "no"; }
  std::string operator()(double v) const { return format(v, unit); }
  std::string operator()(const std::string& v) const { return v; }
  std::string operator()(const std::vector<std::string>& list) const {
    std::string out;
    for (const std::string& s : list) out += (out.empty() ? "" : ", ") + s;
    return out;
  }
  std::string operator()(const Embedded&) const { return ""; }
};

}  // namespace

std::string cell_text(const Cell& cell, const Column& column) { return std::visit(CellText{column.unit}, cell); }

}  // namespace sextant::sim::report
