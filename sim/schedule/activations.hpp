// SPDX-License-Identifier: Apache-2.0
// How many micro-batches' activations a device holds. A device runs its items one after the other, so this follows from
// the order alone: a forward allocates, the weight gradient frees, the input gradient frees what only it needed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/quantity.hpp"
#include "sim/schedule/order.hpp"

namespace sextant::sim::schedule {

/// Micro-batches of one chunk in flight.
struct Held {
  int until_input_gradient = 0;   ///< forward begun, input gradient not ended
  int until_weight_gradient = 0;  ///< forward begun, weight gradient not ended

  bool operator==(const Held&) const = default;
};

/// Bytes that one micro-batch leaves on one chunk.
struct ChunkActivation {
  Bytes until_input_gradient;   ///< freed when the input gradient ends
  Bytes until_weight_gradient;  ///< freed when the weight gradient ends
};

class Activations {
 public:
  Activations() = default;
  explicit Activations(const Order& order);

  /// Most of one chunk on one device at any time.
  [[nodiscard]] Held peak(int stage, int chunk) const {
    return peak_[static_cast<std::size_t>(stage) * static_cast<std::size_t>(chunks_) + static_cast<std::size_t>(chunk)];
  }
  /// Most of the device's chunks together; the two figures may be of different moments.
  [[nodiscard]] Held peak(int stage) const { return total_[static_cast<std::size_t>(stage)]; }

  /// Most bytes at one moment on a device whose chunks leave so much; one entry a chunk. Exact where chunks differ,
  /// since their peaks need not coincide. Walks the device's items once.
  [[nodiscard]] Bytes peak_bytes(int stage, std::span<const ChunkActivation> chunks) const;

 private:
  struct Step {
    enum class Kind : std::uint8_t { forward, input_gradient, weight_gradient };
    Kind kind;
    std::uint16_t chunk;
  };
  void walk(std::span<const Item> items);

  int chunks_ = 0;
  std::vector<Held> peak_;   ///< by stage and chunk
  std::vector<Held> total_;  ///< by stage
  std::vector<std::vector<Step>> steps_;
};

}  // namespace sextant::sim::schedule
