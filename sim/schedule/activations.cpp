// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/activations.hpp"

#include <algorithm>

namespace sextant::sim::schedule {

namespace {

void grow(Held& now, Held& peak, int by_input, int by_weight) {
  now.until_input_gradient += by_input;
  now.until_weight_gradient += by_weight;
  peak.until_input_gradient = std::max(peak.until_input_gradient, now.until_input_gradient);
  peak.until_weight_gradient = std::max(peak.until_weight_gradient, now.until_weight_gradient);
}

}  // namespace

Activations::Activations(const Order& order) : chunks_(order.layout.chunks) {
  for (const std::vector<Item>& items : order.items) walk(items);
}

void Activations::walk(std::span<const Item> items) {
  const auto chunks = static_cast<std::size_t>(chunks_);
  const std::size_t first = peak_.size();
  peak_.resize(first + chunks);
  std::vector<Held> now(chunks);
  Held all;
  Held all_peak;
  std::vector<Step>& steps = steps_.emplace_back();
  steps.reserve(items.size() * 3);
  const auto step = [&](Step::Kind kind, std::uint16_t chunk, int by_input, int by_weight) {
    steps.push_back({kind, chunk});
    grow(now[chunk], peak_[first + chunk], by_input, by_weight);
    grow(all, all_peak, by_input, by_weight);
  };
  for (const Item& item : items) {
    if (has_forward(item.pass)) step(Step::Kind::forward, item.chunk, 1, 1);
    const std::uint16_t back = backward_chunk(item);
    if (has_input_gradient(item.pass)) step(Step::Kind::input_gradient, back, -1, 0);
    if (has_weight_gradient(item.pass)) step(Step::Kind::weight_gradient, back, 0, -1);
  }
  total_.push_back(all_peak);
}

Bytes Activations::peak_bytes(int stage, std::span<const ChunkActivation> chunks) const {
  Bytes now;
  Bytes peak;
  for (const Step step : steps_[static_cast<std::size_t>(stage)]) {
    const ChunkActivation& chunk = chunks[step.chunk];
    switch (step.kind) {
      case Step::Kind::forward:
        now += chunk.until_input_gradient + chunk.until_weight_gradient;
        peak = max(peak, now);
        break;
      case Step::Kind::input_gradient: now -= chunk.until_input_gradient; break;
      case Step::Kind::weight_gradient: now -= chunk.until_weight_gradient; break;
    }
  }
  return peak;
}

}  // namespace sextant::sim::schedule
