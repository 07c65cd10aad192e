// SPDX-License-Identifier: Apache-2.0
// Unions of time intervals: summed kernels are no wall time.
#pragma once

#include <vector>

#include "profiler/trace/trace.hpp"

namespace sextant::profile {

struct Interval {
  Nanoseconds start = 0;
  Nanoseconds end = 0;
};

/// Disjoint, sorted intervals that cover the same times.
[[nodiscard]] std::vector<Interval> unite(std::vector<Interval> intervals);

[[nodiscard]] Nanoseconds length(const std::vector<Interval>& disjoint);

/// Time that two unions share. Both must come from `unite`.
[[nodiscard]] Nanoseconds overlap(const std::vector<Interval>& a, const std::vector<Interval>& b);

}  // namespace sextant::profile
