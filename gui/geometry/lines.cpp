// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/geometry/lines.hpp"

#include <algorithm>

namespace sextant::gui {

std::vector<Line> identity_lines(double band) {
  constexpr double low = 1e-4;
  constexpr double high = 1e5;
  const double f = 1 + band;
  return {{QString(), {{low, low}, {high, high}}, false},
          {QString(), {{low, low * f}, {high, high * f}}, true},
          {QString(), {{low, low / f}, {high, high / f}}, true}};
}

std::vector<Line> roof_lines(const std::vector<std::pair<QString, double>>& peaks, double bytes_per_s) {
  constexpr double least = 0.1;  // FLOP per byte
  constexpr double most = 1e5;
  std::vector<Line> lines;
  double top = 0;
  for (const auto& [name, peak] : peaks) {
    lines.push_back({name, {{peak / bytes_per_s, peak}, {most, peak}}, !lines.empty()});
    top = std::max(top, peak);
  }
  if (bytes_per_s > 0) lines.push_back({QString(), {{least, least * bytes_per_s}, {top / bytes_per_s, top}}, false});
  return lines;
}

}  // namespace sextant::gui
