// SPDX-License-Identifier: Apache-2.0
#include "base/amounts.hpp"

#include <fmt/format.h>

namespace sextant {

namespace {

constexpr double minutes_an_hour = 60.0;
constexpr double first_hour = 0.9995;       // fewer are said in minutes
constexpr double first_whole_hour = 99.95;  // fewer hours are said with three digits

std::string grouped(std::string digits) {
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

}  // namespace

std::string_view currency_sign(DisplayUnits units) { return units.cny ? "¥" : "$"; }

double in_currency(double usd, DisplayUnits units) { return units.cny ? usd * cny_per_usd : usd; }

std::string money_text(double usd, int decimals, DisplayUnits units) {
  const std::string digits = fmt::format("{:.{}f}", in_currency(usd, units), decimals);
  return std::string(currency_sign(units)) + (decimals == 0 ? grouped(digits) : digits);
}

std::string short_money_text(double usd, DisplayUnits units) {
  const double shown = in_currency(usd, units);
  const std::string_view sign = currency_sign(units);
  if (shown >= 1e6) return fmt::format("{}{:.3g} M", sign, shown / 1e6);
  return shown >= 1e4 ? fmt::format("{}{:.3g} K", sign, shown / 1e3) : fmt::format("{}{:.0f}", sign, shown);
}

std::string days_text(double days, std::string_view digits, DisplayUnits units) {
  if (!units.hours) return fmt::format("{} days", digits);
  const double hours = days * hours_a_day;
  if (hours > 0 && hours < first_hour) return fmt::format("{:.3g} min", hours * minutes_an_hour);
  return (hours < first_whole_hour ? fmt::format("{:.3g}", hours) : grouped(fmt::format("{:.0f}", hours))) + " h";
}

}  // namespace sextant
