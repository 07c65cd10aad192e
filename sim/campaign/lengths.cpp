// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/lengths.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sextant::sim {

namespace {

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

/// Quantile of the standard normal by bisection of its distribution: called a few thousand times at most.
double normal_quantile(double p) {
  double low = -9;
  double high = 9;
  constexpr int halvings = 60;
  for (int i = 0; i < halvings; ++i) {
    const double mid = 0.5 * (low + high);
    (normal_cdf(mid) < p ? low : high) = mid;
  }
  return 0.5 * (low + high);
}

/// Mean of min(X, longest) for a lognormal X.
double cut_mean(double median, double spread, double longest) {
  const double z = std::log(longest / median) / spread;
  return median * std::exp(spread * spread / 2) * normal_cdf(z - spread) + longest * (1 - normal_cdf(z));
}

}  // namespace

double LengthLaw::quantile(double p) const {
  if (!(spread > 0)) return std::min(median, longest);
  return std::min(longest, median * std::exp(spread * normal_quantile(p)));
}

LengthLaw length_law(double mean, double spread, double longest) {
  LengthLaw law{mean, spread, std::max(longest, mean)};
  if (!(spread > 0) || longest <= mean) {
    law.spread = 0;
    return law;
  }
  double low = mean * 1e-3;
  double high = longest * 1e6;
  constexpr int halvings = 100;
  for (int i = 0; i < halvings; ++i) {
    const double mid = std::sqrt(low * high);
    (cut_mean(mid, spread, longest) < mean ? low : high) = mid;
  }
  law.median = std::sqrt(low * high);
  return law;
}

std::vector<double> typical_lengths(const LengthLaw& law, int count) {
  std::vector<double> lengths;
  // Golden-ratio steps visit the quantiles evenly and without trend.
  constexpr double golden = 0.6180339887498949;
  double at = 0.5;
  std::vector<double> order(static_cast<std::size_t>(count));
  for (double& o : order) {
    o = at;
    at = std::fmod(at + golden, 1.0);
  }
  std::vector<std::size_t> rank(order.size());
  std::iota(rank.begin(), rank.end(), std::size_t{0});
  std::sort(rank.begin(), rank.end(), [&](std::size_t a, std::size_t b) { return order[a] < order[b]; });
  lengths.resize(order.size());
  for (std::size_t i = 0; i < rank.size(); ++i) lengths[rank[i]] = law.quantile((static_cast<double>(i) + 0.5) / count);
  return lengths;
}

}  // namespace sextant::sim
