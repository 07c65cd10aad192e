// SPDX-License-Identifier: Apache-2.0
#include "cli/quantities.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace sextant::cli {

namespace {

struct Suffix {
  char letter;
  double unit;
};

constexpr std::array<Suffix, 6> thousands{{{'K', 1e3}, {'k', 1e3}, {'M', 1e6}, {'B', 1e9}, {'G', 1e9}, {'T', 1e12}}};
constexpr std::array<Suffix, 3> times{{{'d', 1.0}, {'w', 7.0}, {'h', 1.0 / 24.0}}};

/// A decimal number above 0 with at most one letter behind it.
std::optional<double> number_with(std::string_view text, std::span<const Suffix> suffixes) {
  if (text.empty()) return std::nullopt;
  double unit = 1;
  for (const Suffix& s : suffixes) {
    if (text.back() != s.letter) continue;
    unit = s.unit;
    text.remove_suffix(1);
    break;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  value *= unit;
  if (!std::isfinite(value) || !(value > 0)) return std::nullopt;
  return value;
}

std::optional<int> whole(std::string_view text) {
  constexpr int most = 1 << 24;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value < 1 || value > most) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<double> parse_count(std::string_view text) { return number_with(text, thousands); }

std::optional<double> parse_days(std::string_view text) { return number_with(text, times); }

std::optional<double> parse_dollars(std::string_view text) {
  if (!text.empty() && text.front() == '$') text.remove_prefix(1);
  return number_with(text, thousands);
}

std::optional<Reserve> parse_reserve(std::string_view text) {
  const bool share = !text.empty() && text.back() == '%';
  if (share) text.remove_suffix(1);
  if (!share && text.size() > 2 && (text.substr(text.size() - 2) == "GB" || text.substr(text.size() - 2) == "gb")) {
    text.remove_suffix(2);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = !text.empty() && error == std::errc{} && end == text.data() + text.size();
  if (!whole || !(value >= 0) || (share ? value >= 100 : value > 1e6)) return std::nullopt;
  return share ? Reserve{value / 100, 0} : Reserve{0, value};
}

std::optional<std::vector<std::pair<int, int>>> parse_sizes(std::string_view text) {
  std::vector<std::pair<int, int>> sizes;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const std::size_t dots = part.find("..");
    const auto least = whole(part.substr(0, dots));
    const auto most = dots == std::string_view::npos ? least : whole(part.substr(dots + 2));
    if (!least || !most || *most < *least) return std::nullopt;
    sizes.emplace_back(*least, *most);
    if (comma == std::string_view::npos) return sizes;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace sextant::cli
