// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/batch_ramp.hpp"

#include <algorithm>

namespace sextant::sim {

std::vector<BatchSlice> batch_ramp(double tokens, double first, double last) {
  constexpr int ramp_slices = 4;
  if (first == last) return {{tokens, last}};
  std::vector<BatchSlice> slices;
  for (int i = 0; i < ramp_slices; ++i) {
    slices.push_back({tokens / ramp_slices, first + (last - first) * (i + 0.5) / ramp_slices});
  }
  return slices;
}

double tokens_of(std::span<const BatchSlice> slices) {
  double sum = 0;
  for (const BatchSlice& s : slices) sum += s.tokens;
  return sum;
}

double largest_batch(std::span<const BatchSlice> slices) {
  double largest = 0;
  for (const BatchSlice& s : slices) largest = std::max(largest, s.sequences);
  return largest;
}

}  // namespace sextant::sim
