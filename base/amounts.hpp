// SPDX-License-Identifier: Apache-2.0
// Money and time in sentences, in the units a reader asks for. Files and programs keep dollars and days.
#pragma once

#include <string>
#include <string_view>

namespace sextant {

/// The yearly average of 2024: National Bureau of Statistics of China, Statistical Communiqué on the 2024 National
/// Economic and Social Development, 2025-02-28. For any other year it is an assumption, and shown as one.
inline constexpr double cny_per_usd = 7.1217;
inline constexpr double hours_a_day = 24.0;

struct DisplayUnits {
  bool hours = false;  ///< instead of days
  bool cny = false;    ///< instead of US dollars

  bool operator==(const DisplayUnits&) const = default;
  [[nodiscard]] bool usual() const { return !hours && !cny; }
};

/// "$" or "¥"
[[nodiscard]] std::string_view currency_sign(DisplayUnits units);
[[nodiscard]] double in_currency(double usd, DisplayUnits units);

/// "$2.00", "¥14.24"
[[nodiscard]] std::string money_text(double usd, int decimals, DisplayUnits units);
/// "$5.58 M", "$101 K", "$450"
[[nodiscard]] std::string short_money_text(double usd, DisplayUnits units);

/// "51.4 days", "1,234 h", "36 min". `digits`: the days as they are said where days are asked for.
[[nodiscard]] std::string days_text(double days, std::string_view digits, DisplayUnits units);

}  // namespace sextant
