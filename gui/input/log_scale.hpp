// SPDX-License-Identifier: GPL-3.0-or-later
// Between the positions of a slider and the values they stand for.
#pragma once

#include <span>

namespace sextant::gui {

/// Equal distances are equal factors.
class LogScale {
 public:
  LogScale(double low, double high, int steps) : low_(low), high_(high), steps_(steps) {}

  [[nodiscard]] int steps() const { return steps_; }
  [[nodiscard]] double value(int position) const;
  [[nodiscard]] int position(double value) const;

 private:
  double low_;
  double high_;
  int steps_;
};

/// Two leading digits, as sliders give them: 14,823 -> 15,000.
[[nodiscard]] double rounded(double value);

/// The nearest of ascending values, by factor; the value itself where there are none.
[[nodiscard]] double nearest_of(std::span<const int> allowed, double value);

}  // namespace sextant::gui
