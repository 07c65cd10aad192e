// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/input/log_scale.hpp"

#include <algorithm>
#include <cmath>

namespace sextant::gui {

double LogScale::value(int position) const {
  return low_ * std::pow(high_ / low_, static_cast<double>(position) / steps_);
}

int LogScale::position(double value) const {
  if (!(value > low_)) return 0;
  const double share = std::log(value / low_) / std::log(high_ / low_);
  return static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * steps_));
}

double rounded(double value) {
  if (!(value > 0)) return value;
  const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1);
  return std::round(value / unit) * unit;
}

double nearest_of(std::span<const int> allowed, double value) {
  if (allowed.empty() || !(value > 0)) return value;
  const auto above = std::lower_bound(allowed.begin(), allowed.end(), value);
  if (above == allowed.begin()) return allowed.front();
  if (above == allowed.end()) return allowed.back();
  const double low = *(above - 1);
  const double high = *above;
  return value / low < high / value ? low : high;
}

}  // namespace sextant::gui
