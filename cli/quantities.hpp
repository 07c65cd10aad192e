// SPDX-License-Identifier: Apache-2.0
// Amounts as people type them on a command line. Strict: the whole text counts, or there is no value.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sextant::cli {

/// "14.8T", "250B", "62914560", "2e12": above 0.
[[nodiscard]] std::optional<double> parse_count(std::string_view text);

/// "60d", "8w", "36h" or days alone: "60".
[[nodiscard]] std::optional<double> parse_days(std::string_view text);

/// "6e6", "$5.6M", "250K".
[[nodiscard]] std::optional<double> parse_dollars(std::string_view text);

/// Memory of a GPU: a share ("3%") or an amount ("4GB", "4"); 0 is allowed.
struct Reserve {
  double share = 0;
  double gigabytes = 0;
};
[[nodiscard]] std::optional<Reserve> parse_reserve(std::string_view text);

/// "2048", "256..4096" or "256,512,1024": single sizes as pairs of equal numbers, ascending.
[[nodiscard]] std::optional<std::vector<std::pair<int, int>>> parse_sizes(std::string_view text);

}  // namespace sextant::cli
