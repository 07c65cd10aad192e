// SPDX-License-Identifier: Apache-2.0
// Units of reported numbers, and how people read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/band.hpp"

namespace sextant::sim::report {

/// The unit a number is stored in. Formatting scales it: 0.0123 s reads "12.3 ms".
enum class Unit : std::uint8_t {
  text,    ///< no number
  number,  ///< dimensionless
  count,   ///< whole things: "15,360"; JSON writes an integer
  share,   ///< 0.389 reads "38.9 %"
  change,  ///< 0.05 reads "+5.0 %"
  seconds,
  days,
  gigabytes,  ///< 10^9 bytes
  bytes,
  bytes_per_s,
  flop,
  flop_per_s,
  teraflop_per_s,
  flop_per_byte,
  parameters,  ///< 671.0e9 reads "671.0 B"
  tokens,
  tokens_per_s,
  hertz,
  watts,
  kilowatt_hours,
  usd,
  usd_per_gpu_hour,
  gpu_hours,
  // Shown in place of days and dollars where a reader asks for it (display_units.hpp).
  hours,
  cny,
  cny_per_gpu_hour,
};

/// "12.3 ms", "38.9 %", "671.0 B".
[[nodiscard]] std::string format(double value, Unit unit);

/// The same with no more digits than the band supports.
[[nodiscard]] std::string format(double value, Unit unit, const std::optional<Band<double>>& band);

/// "18.9 .. 21.2 s"
[[nodiscard]] std::string format(const Band<double>& band, Unit unit);

/// The unit as a column title or CSV field says it: "s", "GB", "share"; empty for plain numbers.
[[nodiscard]] std::string_view symbol(Unit unit);

/// "15,360"
[[nodiscard]] std::string grouped(double whole);

}  // namespace sextant::sim::report
