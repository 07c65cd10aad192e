// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "sim/report/campaign_report.hpp"

namespace sextant::sim::report {

namespace {

struct Scale {
  double unit;
  std::string_view name;
};

Scale scale_of(double value) {
  constexpr std::array<Scale, 3> scales{{{1e9, " B"}, {1e6, " M"}, {1e3, " K"}}};
  for (const Scale& s : scales) {
    if (std::abs(value) >= 0.9995 * s.unit) return s;
  }
  return {1, ""};
}

std::string digits(double value) {
  const double size = std::abs(value);
  return size >= 99.95   ? fmt::format("{:.0f}", value)
         : size >= 9.995 ? fmt::format("{:.1f}", value)
                         : fmt::format("{:.2f}", value);
}

std::string band_text(const Band<double>& b, std::string_view sign) {
  const Scale scale = scale_of(b.high);
  return fmt::format("{}{} .. {}{}", sign, digits(b.low / scale.unit), digits(b.high / scale.unit), scale.name);
}

}  // namespace

std::string short_hours(double v) {
  const Scale s = scale_of(v);
  return digits(v / s.unit) + std::string(s.name);
}
std::string short_usd(double v, DisplayUnits units) {
  return std::string(currency_sign(units)) + short_hours(in_currency(v, units));
}
std::string short_hours(const Band<double>& b) { return band_text(b, ""); }
std::string short_usd(const Band<double>& b, DisplayUnits units) {
  return band_text(b.map([units](double v) { return in_currency(v, units); }), currency_sign(units));
}

}  // namespace sextant::sim::report
