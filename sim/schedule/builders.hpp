// SPDX-License-Identifier: Apache-2.0
// Internal: the order builders behind the rows of schedules.cpp, and what they share.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "sim/schedule/schedules.hpp"

namespace sextant::sim::schedule {

[[nodiscard]] Order build_gpipe(const Shape& shape);
[[nodiscard]] Order build_one_f_one_b(const Shape& shape);
[[nodiscard]] Order build_interleaved(const Shape& shape);
[[nodiscard]] Order build_interleaved_overlap(const Shape& shape);
[[nodiscard]] Order build_zb_h1(const Shape& shape);
[[nodiscard]] Order build_zbv(const Shape& shape);
[[nodiscard]] Order build_dualpipe(const Shape& shape);
[[nodiscard]] Order build_dualpipe_v(const Shape& shape);

/// Micro-batches that interleaved 1F1B runs in a row through one chunk: the shape's own, else p where p divides m, else
/// the smallest group whose last part is no shorter than p.
[[nodiscard]] int interleaved_group(const Shape& shape);
/// Forwards that stage `stage` of interleaved 1F1B runs before its first backward, before it is cut at m * v.
[[nodiscard]] int interleaved_warmup(const Shape& shape, int stage);

/// Writes the items of one stage; each kind of pass of each chunk takes the micro-batches in turn.
class StageWriter {
 public:
  explicit StageWriter(std::vector<Item>& items) : items_(items) {}

  void forward(int chunk) { items_.push_back(item(Pass::forward, chunk, next_forward_[index(chunk)]++)); }
  void backward(int chunk) { items_.push_back(item(Pass::backward, chunk, next_backward_[index(chunk)]++)); }
  /// Puts the weight gradient off: it joins the queue that `weight_gradient` serves.
  void input_gradient(int chunk) {
    const int microbatch = next_backward_[index(chunk)]++;
    items_.push_back(item(Pass::input_gradient, chunk, microbatch));
    waiting_.push_back(item(Pass::weight_gradient, chunk, microbatch));
  }
  void backward(int chunk, bool put_weight_gradient_off) {
    put_weight_gradient_off ? input_gradient(chunk) : backward(chunk);
  }
  /// The weight gradient that has waited longest.
  void weight_gradient() { take(waiting_.begin()); }
  /// The weight gradient of a chunk that has waited longest.
  void weight_gradient(int chunk) {
    take(std::find_if(waiting_.begin(), waiting_.end(), [chunk](const Item& i) { return i.chunk == chunk; }));
  }
  void forward_backward(int forward_chunk, int backward_chunk) {
    Item both = item(Pass::forward_backward, forward_chunk, next_forward_[index(forward_chunk)]++);
    both.backward_chunk = static_cast<std::uint16_t>(backward_chunk);
    both.backward_microbatch = static_cast<std::uint16_t>(next_backward_[index(backward_chunk)]++);
    items_.push_back(both);
  }

  [[nodiscard]] int position() const { return static_cast<int>(items_.size()); }
  [[nodiscard]] bool weight_gradients_wait() const { return !waiting_.empty(); }

 private:
  static Item item(Pass pass, int chunk, int microbatch) {
    return {pass, static_cast<std::uint16_t>(chunk), static_cast<std::uint16_t>(microbatch), 0, 0};
  }
  void take(std::vector<Item>::iterator at) {
    items_.push_back(*at);
    waiting_.erase(at);
  }
  static std::size_t index(int chunk) { return static_cast<std::size_t>(chunk); }

  std::vector<Item>& items_;
  std::array<int, 2> next_forward_{};
  std::array<int, 2> next_backward_{};
  std::vector<Item> waiting_;
};

/// An order of `shape` without items; `write(stage, writer)` fills each stage and says what part of it repeats.
template <class Write>
[[nodiscard]] Order write_stages(const Shape& shape, Placement placement, int period, Write write) {
  Order order;
  order.layout = {shape.stages, shape.chunks, placement};
  order.microbatches = shape.microbatches;
  order.period = period;
  order.items.resize(static_cast<std::size_t>(shape.stages));
  const auto most = static_cast<std::size_t>(3 * order.microbatches_per_route() * shape.chunks);
  for (int stage = 0; stage < shape.stages; ++stage) {
    std::vector<Item>& items = order.items[static_cast<std::size_t>(stage)];
    items.reserve(most);
    StageWriter writer(items);
    const Steady steady = write(stage, writer);
    if (period > 0) order.steady.push_back(steady);
  }
  return order;
}

}  // namespace sextant::sim::schedule
