// SPDX-License-Identifier: Apache-2.0
// Tokens trained at one batch size, and a batch that grows.
#pragma once

#include <span>
#include <vector>

namespace sextant::sim {

/// Tokens trained at one batch size.
struct BatchSlice {
  double tokens = 0;
  double sequences = 0;
};

/// A batch that grows evenly over the tokens, as slices of equal tokens, each at its middle; one slice where it stays.
[[nodiscard]] std::vector<BatchSlice> batch_ramp(double tokens, double first_sequences, double last_sequences);

[[nodiscard]] double tokens_of(std::span<const BatchSlice> slices);
[[nodiscard]] double largest_batch(std::span<const BatchSlice> slices);

}  // namespace sextant::sim
