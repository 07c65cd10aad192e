// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/intervals.hpp"

#include <algorithm>

namespace sextant::profile {

std::vector<Interval> unite(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const Interval& a, const Interval& b) { return a.start < b.start; });
  std::vector<Interval> out;
  for (const Interval& i : intervals) {
    if (i.end <= i.start) continue;
    if (!out.empty() && i.start <= out.back().end) {
      out.back().end = std::max(out.back().end, i.end);
    } else {
      out.push_back(i);
    }
  }
  return out;
}

Nanoseconds length(const std::vector<Interval>& disjoint) {
  Nanoseconds sum = 0;
  for (const Interval& i : disjoint) sum += i.end - i.start;
  return sum;
}

Nanoseconds overlap(const std::vector<Interval>& a, const std::vector<Interval>& b) {
  Nanoseconds sum = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    sum += std::max<Nanoseconds>(0, std::min(a[i].end, b[j].end) - std::max(a[i].start, b[j].start));
    (a[i].end < b[j].end ? i : j) += 1;
  }
  return sum;
}

}  // namespace sextant::profile
