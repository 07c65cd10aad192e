// SPDX-License-Identifier: Apache-2.0
// Robust statistics of repeated timings. All take any order and do not change their argument.
#pragma once

#include <span>
#include <vector>

namespace sextant::profile {

/// Value below which a share `q` of the samples lies, linear between order statistics. 0 for no samples.
[[nodiscard]] double quantile(std::span<const double> samples, double q);

[[nodiscard]] double median(std::span<const double> samples);

/// Half the interquartile range over the median: half of the samples lie within median * (1 +- spread).
[[nodiscard]] double relative_spread(std::span<const double> samples);

/// Half the width of the 95 % confidence interval of the median, over the median. Free of any distribution: the
/// interval runs between the order statistics n/2 -+ 0.98 sqrt(n) (Conover, Practical Nonparametric Statistics, 3.2).
/// Infinite for fewer than six samples, where no such interval exists.
[[nodiscard]] double median_relative_error(std::span<const double> samples);

}  // namespace sextant::profile
