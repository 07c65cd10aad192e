// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/error_summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace sextant::sim {

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  const double rank = std::clamp(q, 0.0, 1.0) * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (values[above] - values[below]) * (rank - static_cast<double>(below));
}

ErrorStatistics statistics(std::span<const double> errors) {
  ErrorStatistics s;
  if (errors.empty()) return s;
  std::vector<double> absolute;
  absolute.reserve(errors.size());
  for (const double e : errors) absolute.push_back(std::abs(e));
  s.mean = std::accumulate(absolute.begin(), absolute.end(), 0.0) / static_cast<double>(absolute.size());
  s.median = quantile(absolute, 0.5);
  s.p90 = quantile(std::move(absolute), 0.9);
  s.bias = quantile({errors.begin(), errors.end()}, 0.5);
  return s;
}

ErrorSummary summarise(std::span<const RowError> rows) {
  ErrorSummary s;
  s.n = static_cast<int>(rows.size());
  if (rows.empty()) return s;
  std::vector<double> errors;
  std::vector<double> baseline;
  std::vector<double> by_class;
  std::vector<double> widths;
  int inside = 0;
  for (const RowError& row : rows) {
    errors.push_back(row.error);
    baseline.push_back(row.baseline);
    by_class.push_back(row.baseline_by_class);
    widths.push_back(row.half_width);
    inside += row.in_band ? 1 : 0;
  }
  s.errors = statistics(errors);
  s.baseline = statistics(baseline);
  s.baseline_by_class = statistics(by_class);
  s.half_width = quantile(std::move(widths), 0.5);
  s.coverage = static_cast<double>(inside) / s.n;
  return s;
}

}  // namespace sextant::sim
