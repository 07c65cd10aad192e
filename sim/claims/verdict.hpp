// SPDX-License-Identifier: Apache-2.0
// From numbers to a verdict.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace sextant::sim {

enum class Verdict : std::uint8_t { consistent, generous, implausible, impossible, undetermined };

inline constexpr std::array<std::pair<std::string_view, Verdict>, 5> verdict_names{
    {{"consistent", Verdict::consistent},
     {"generous", Verdict::generous},
     {"implausible", Verdict::implausible},
     {"impossible", Verdict::impossible},
     {"undetermined", Verdict::undetermined}}};

[[nodiscard]] std::string_view name_of(Verdict verdict);

/// Whether the claim cannot be true as it stands.
[[nodiscard]] constexpr bool contradicted(Verdict v) { return v == Verdict::implausible || v == Verdict::impossible; }

/// GPU-hours from `low` to `high`; a point where both are equal.
struct HoursRange {
  double low = 0;
  double high = 0;
};

struct VerdictBasis {
  std::optional<HoursRange> claimed;
  double floor = 0;                     ///< GPU-hours of the FLOPs at 100 % of peak; 0: not known
  std::optional<HoursRange> simulated;  ///< 95 % band over every layout the claim leaves open
  bool contradicts_itself = false;
};

/// impossible: below the floor, or the claim contradicts itself; implausible: below the band; generous: above it. The
/// most favourable reading of a range decides.
[[nodiscard]] Verdict verdict_of(const VerdictBasis& basis);

}  // namespace sextant::sim
