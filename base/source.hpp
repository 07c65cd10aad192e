// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace sextant {

/// How much a figure can be relied on, best first.
enum class Trust { measured, vendor, paper, derived, assumed };

inline constexpr std::array<std::pair<std::string_view, Trust>, 5> trust_names{{{"measured", Trust::measured},
                                                                                {"vendor", Trust::vendor},
                                                                                {"paper", Trust::paper},
                                                                                {"derived", Trust::derived},
                                                                                {"assumed", Trust::assumed}}};

/// Where a figure comes from. A data row without one does not load.
struct Source {
  std::string title;
  std::string where;
  std::string date;
  Trust trust = Trust::assumed;
};

}  // namespace sextant
