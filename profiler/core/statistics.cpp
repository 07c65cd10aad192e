// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sextant::profile {

namespace {

std::vector<double> sorted(std::span<const double> samples) {
  std::vector<double> v(samples.begin(), samples.end());
  std::sort(v.begin(), v.end());
  return v;
}

double quantile_of_sorted(const std::vector<double>& v, double q) {
  if (v.empty()) return 0;
  const double at = q * static_cast<double>(v.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, v.size() - 1);
  return v[low] + (at - static_cast<double>(low)) * (v[high] - v[low]);
}

}  // namespace

double quantile(std::span<const double> samples, double q) { return quantile_of_sorted(sorted(samples), q); }

double median(std::span<const double> samples) { return quantile(samples, 0.5); }

double relative_spread(std::span<const double> samples) {
  const std::vector<double> v = sorted(samples);
  const double mid = quantile_of_sorted(v, 0.5);
  return mid > 0 ? 0.5 * (quantile_of_sorted(v, 0.75) - quantile_of_sorted(v, 0.25)) / mid : 0;
}

double median_relative_error(std::span<const double> samples) {
  constexpr std::size_t fewest = 6;
  if (samples.size() < fewest) return std::numeric_limits<double>::infinity();
  const std::vector<double> v = sorted(samples);
  const double n = static_cast<double>(v.size());
  const double half = 0.98 * std::sqrt(n);
  const auto low = static_cast<std::size_t>(std::max(0.0, std::floor(0.5 * n - half)));
  const auto high = std::min(v.size() - 1, static_cast<std::size_t>(std::ceil(0.5 * n + half)));
  const double mid = quantile_of_sorted(v, 0.5);
  return mid > 0 ? 0.5 * (v[high] - v[low]) / mid : 0;
}

}  // namespace sextant::profile
