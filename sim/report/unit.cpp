// SPDX-License-Identifier: Apache-2.0
#include "sim/report/unit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace sextant::sim::report {

namespace {

struct Scale {
  double from;  ///< used for magnitudes from here on
  double size;  ///< stored units of one shown unit
  std::string_view symbol;
};

constexpr std::array<Scale, 6> seconds_scale{{{0, 1e-6, " us"},
                                              {1e-3, 1e-3, " ms"},
                                              {1, 1, " s"},
                                              {1000, 60, " min"},
                                              {3600, 3600, " h"},
                                              {172800, 86400, " days"}}};
constexpr std::array<Scale, 5> days_scale{{{0, 1.0 / 86400, " s"},
                                           {1.0 / 1440, 1.0 / 1440, " min"},
                                           {1.0 / 24, 1.0 / 24, " h"},
                                           {2, 1, " days"},
                                           {730, 365.25, " years"}}};
constexpr std::array<Scale, 4> gigabytes_scale{
    {{0, 1e-6, " kB"}, {1e-3, 1e-3, " MB"}, {1, 1, " GB"}, {1e4, 1e3, " TB"}}};
constexpr std::array<Scale, 5> bytes_scale{
    {{0, 1, " B"}, {1e3, 1e3, " kB"}, {1e6, 1e6, " MB"}, {1e9, 1e9, " GB"}, {1e13, 1e12, " TB"}}};
constexpr std::array<Scale, 3> bytes_per_s_scale{{{0, 1e6, " MB/s"}, {1e9, 1e9, " GB/s"}, {1e13, 1e12, " TB/s"}}};
constexpr std::array<Scale, 7> flop_scale{{{0, 1, " FLOP"},
                                           {1e3, 1e3, " kFLOP"},
                                           {1e6, 1e6, " MFLOP"},
                                           {1e9, 1e9, " GFLOP"},
                                           {1e12, 1e12, " TFLOP"},
                                           {1e15, 1e15, " PFLOP"},
                                           {1e18, 1e18, " EFLOP"}}};
constexpr std::array<Scale, 3> flop_per_s_scale{
    {{0, 1e9, " GFLOP/s"}, {1e12, 1e12, " TFLOP/s"}, {1e16, 1e15, " PFLOP/s"}}};
constexpr std::array<Scale, 4> parameters_scale{{{0, 1, ""}, {1e3, 1e3, " K"}, {1e6, 1e6, " M"}, {1e9, 1e9, " B"}}};
constexpr std::array<Scale, 5> tokens_scale{{{0, 1, " tokens"},
                                             {1e5, 1e3, " K tokens"},
                                             {1e6, 1e6, " M tokens"},
                                             {1e9, 1e9, " B tokens"},
                                             {1e12, 1e12, " T tokens"}}};
constexpr std::array<Scale, 3> hertz_scale{{{0, 1e6, " MHz"}, {1e10, 1e9, " GHz"}, {1e12, 1e12, " THz"}}};
constexpr std::array<Scale, 3> watts_scale{{{0, 1, " W"}, {1e4, 1e3, " kW"}, {1e6, 1e6, " MW"}}};

constexpr std::array<Scale, 3> kilowatt_hours_scale{{{0, 1, " kWh"}, {1e4, 1e3, " MWh"}, {1e7, 1e6, " GWh"}}};

constexpr std::array<Scale, 1> number_scale{{{0, 1, ""}}};
constexpr std::array<Scale, 1> share_scale{{{0, 0.01, " %"}}};
constexpr std::array<Scale, 1> teraflop_scale{{{0, 1, " TFLOP/s"}}};
constexpr std::array<Scale, 1> flop_per_byte_scale{{{0, 1, " FLOP/byte"}}};
constexpr std::array<Scale, 1> tokens_per_s_scale{{{0, 1, " tokens/s"}}};
constexpr std::array<Scale, 3> gpu_hours_scale{
    {{0, 1, " GPU-hours"}, {1e5, 1e3, " K GPU-hours"}, {1e6, 1e6, " M GPU-hours"}}};
constexpr std::array<Scale, 3> hours_scale{{{0, 1.0 / 3600, " s"}, {1.0 / 60, 1.0 / 60, " min"}, {1, 1, " h"}}};
constexpr std::array<Scale, 4> usd_scale{{{0, 1, ""}, {1e4, 1e3, " K"}, {1e6, 1e6, " M"}, {1e9, 1e9, " B"}}};

std::span<const Scale> scales(Unit unit) {
  switch (unit) {
    case Unit::text:
    case Unit::number:
    case Unit::count: return number_scale;
    case Unit::share:
    case Unit::change: return share_scale;
    case Unit::seconds: return seconds_scale;
    case Unit::days: return days_scale;
    case Unit::gigabytes: return gigabytes_scale;
    case Unit::bytes: return bytes_scale;
    case Unit::bytes_per_s: return bytes_per_s_scale;
    case Unit::flop: return flop_scale;
    case Unit::flop_per_s: return flop_per_s_scale;
    case Unit::teraflop_per_s: return teraflop_scale;
    case Unit::flop_per_byte: return flop_per_byte_scale;
    case Unit::parameters: return parameters_scale;
    case Unit::tokens: return tokens_scale;
    case Unit::tokens_per_s: return tokens_per_s_scale;
    case Unit::hertz: return hertz_scale;
    case Unit::watts: return watts_scale;
    case Unit::kilowatt_hours: return kilowatt_hours_scale;
    case Unit::usd: return usd_scale;
    case Unit::cny: return usd_scale;
    case Unit::usd_per_gpu_hour:
    case Unit::cny_per_gpu_hour: return number_scale;
    case Unit::gpu_hours: return gpu_hours_scale;
    case Unit::hours: return hours_scale;
  }
  return number_scale;
}

const Scale& scale_of(double value, Unit unit) {
  const std::span<const Scale> list = scales(unit);
  const Scale* chosen = &list.front();
  for (const Scale& s : list) {
    if (value == 0 && s.size == 1) return s;  // "0 s", not "0 us"
  }
  for (const Scale& s : list) {
    // A value that would round up to the next unit is shown in it.
    if (std::abs(value) * (1 + 5e-4) >= s.from) chosen = &s;
  }
  return *chosen;
}

/// Decimals that show so many significant digits of a number of this magnitude, at most `most`.
int decimals_for(double value, int digits, int most) {
  if (value == 0) return 0;
  const int before_point = static_cast<int>(std::floor(std::log10(std::abs(value) * (1 + 5e-4)))) + 1;
  return std::clamp(digits - before_point, 0, most);
}

std::string with_groups(std::string digits) {
  const std::size_t start = digits.find_first_of("0123456789");
  std::size_t end = digits.find('.');
  if (end == std::string::npos) end = digits.size();
  while (start != std::string::npos && end > start + 3) {
    end -= 3;
    digits.insert(end, ",");
  }
  return digits;
}

std::string fixed(double shown, int decimals) {
  std::string text = fmt::format("{:.{}f}", shown, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') text.erase(0, 1);
  return with_groups(std::move(text));
}

bool is_price(Unit unit) { return unit == Unit::usd_per_gpu_hour || unit == Unit::cny_per_gpu_hour; }
bool is_money(Unit unit) { return is_price(unit) || unit == Unit::usd || unit == Unit::cny; }

std::string decorate(std::string digits, double value, Unit unit, std::string_view suffix) {
  std::string out;
  if (unit == Unit::change && value >= 0) out += '+';
  if (is_money(unit)) {
    out += unit == Unit::usd || unit == Unit::usd_per_gpu_hour ? "$" : "¥";
    if (!digits.empty() && digits.front() == '-') {
      out.insert(0, "-");
      digits.erase(0, 1);
    }
  }
  return out + digits + std::string(suffix);
}

/// Decimals of a value shown alone.
int usual_decimals(double shown, Unit unit) {
  switch (unit) {
    case Unit::count: return 0;
    case Unit::share:
    case Unit::change: return 1;
    case Unit::gigabytes: return decimals_for(shown, 3, 1);
    case Unit::parameters: return decimals_for(shown, 4, 3);
    case Unit::usd_per_gpu_hour:
    case Unit::cny_per_gpu_hour: return 2;
    case Unit::cny:
    case Unit::usd: return decimals_for(shown, 3, 2);
    case Unit::number: return decimals_for(shown, 4, 6);
    default: return decimals_for(shown, 3, 3);
  }
}

}  // namespace

std::string format(double value, Unit unit) {
  if (!std::isfinite(value)) return "-";
  if (unit == Unit::number && value != 0 && (std::abs(value) >= 1e7 || std::abs(value) < 1e-3)) {
    return fmt::format("{:.4g}", value);
  }
  const Scale& s = scale_of(value, unit);
  const double shown = value / s.size;
  std::string digits = fixed(shown, usual_decimals(shown, unit));
  if (unit == Unit::number && digits.find('.') != std::string::npos) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return decorate(std::move(digits), value, unit, s.symbol);
}

std::string format(double value, Unit unit, const std::optional<Band<double>>& band) {
  if (!band || !std::isfinite(value) || value == 0 || unit == Unit::share || unit == Unit::count) {
    return format(value, unit);
  }
  const double half = (band->high - band->low) / 2;
  if (!(half > 0)) return format(value, unit);
  // A last digit worth a tenth of the half width or less says nothing more.
  const int digits = std::clamp(static_cast<int>(std::ceil(std::log10(std::abs(value) / half))) + 2, 2, 5);
  const Scale& s = scale_of(value, unit);
  const double shown = value / s.size;
  return decorate(fixed(shown, decimals_for(shown, digits, 6)), value, unit, s.symbol);
}

std::string format(const Band<double>& band, Unit unit) {
  if (!std::isfinite(band.low) || !std::isfinite(band.high)) return "-";
  const Scale& s = scale_of(band.high, unit);
  const double low = band.low / s.size;
  const double high = band.high / s.size;
  const int decimals = unit == Unit::share ? 1 : is_price(unit) ? 2 : decimals_for(high, 3, 3);
  const std::string_view suffix = is_price(unit) ? std::string_view{} : s.symbol;
  return decorate(fixed(low, decimals), low, unit, "") + " .. " + decorate(fixed(high, decimals), high, unit, suffix);
}

std::string_view symbol(Unit unit) {
  switch (unit) {
    case Unit::text:
    case Unit::number:
    case Unit::count:
    case Unit::parameters:
    case Unit::tokens: return "";
    case Unit::share:
    case Unit::change: return "share";
    case Unit::seconds: return "s";
    case Unit::days: return "days";
    case Unit::gigabytes: return "GB";
    case Unit::bytes: return "bytes";
    case Unit::bytes_per_s: return "bytes/s";
    case Unit::flop: return "FLOP";
    case Unit::flop_per_s: return "FLOP/s";
    case Unit::teraflop_per_s: return "TFLOP/s";
    case Unit::flop_per_byte: return "FLOP/byte";
    case Unit::tokens_per_s: return "tokens/s";
    case Unit::hertz: return "Hz";
    case Unit::watts: return "W";
    case Unit::kilowatt_hours: return "kWh";
    case Unit::usd: return "USD";
    case Unit::usd_per_gpu_hour: return "USD/GPU-hour";
    case Unit::gpu_hours: return "GPU-hours";
    case Unit::hours: return "h";
    case Unit::cny: return "CNY";
    case Unit::cny_per_gpu_hour: return "CNY/GPU-hour";
  }
  return "";
}

std::string grouped(double whole) { return fixed(whole, 0); }

}  // namespace sextant::sim::report
