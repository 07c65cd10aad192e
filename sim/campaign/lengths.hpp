// SPDX-License-Identifier: Apache-2.0
// How long sampled responses are: lognormal, cut at the longest allowed. The tail decides when a rollout ends.
#pragma once

#include <vector>

namespace sextant::sim {

struct LengthLaw {
  double median = 0;  ///< before the cut
  double spread = 0;  ///< standard deviation of the logarithm
  double longest = 0;

  /// The length that a share `p` of the responses does not exceed.
  [[nodiscard]] double quantile(double p) const;
};

/// The law whose mean, cut responses included, is `mean`.
[[nodiscard]] LengthLaw length_law(double mean, double spread, double longest);

/// `count` lengths at evenly spaced quantiles, in an order without trend.
[[nodiscard]] std::vector<double> typical_lengths(const LengthLaw& law, int count);

}  // namespace sextant::sim
