// SPDX-License-Identifier: Apache-2.0
// Internal: what the order builders write with.
#pragma once

#include <algorithm>
#include <vector>

#include "sim/schedule/order.hpp"
#include "sim/schedule/schedules.hpp"

namespace sextant::sim::schedule {

/// Takes the passes of one stage after the other and makes an order of them. Each kind of pass of each chunk takes the
/// micro-batches in turn; those that the step does not have are left out.
class ItemSink {
 public:
  explicit ItemSink(Order& order) : order_(order) {}

  void begin_stage() {
    order_.items.emplace_back().reserve(static_cast<std::size_t>(3 * order_.microbatches_per_route()) * chunks());
    forward_.assign(chunks(), 0);
    backward_.assign(chunks(), 0);
  }
  /// `chunk` of the forward, `back` of the backward; their micro-batches.
  void forward(int chunk) { put({Pass::forward, narrow(chunk), next(forward_, chunk), 0, 0}); }
  std::uint16_t backward(Pass pass, int chunk) {
    const std::uint16_t microbatch = next(backward_, chunk);
    put({pass, narrow(chunk), microbatch, 0, 0});
    return microbatch;
  }
  void weight_gradient(int chunk, std::uint16_t microbatch) {
    put({Pass::weight_gradient, narrow(chunk), microbatch, 0, 0});
  }
  void forward_backward(int chunk, int back) {
    put({Pass::forward_backward, narrow(chunk), next(forward_, chunk), narrow(back), next(backward_, back)});
  }
  [[nodiscard]] int position() const { return static_cast<int>(order_.items.back().size()); }
  void begin_repetition() { begin_ = position(); }
  void end_repetition() { length_ = position() - begin_; }
  void end_repetitions(int times) {
    if (order_.period > 0) order_.steady.push_back({begin_, length_, times});
  }

 private:
  [[nodiscard]] std::size_t chunks() const { return static_cast<std::size_t>(order_.layout.chunks); }
  static std::uint16_t narrow(int i) { return static_cast<std::uint16_t>(i); }
  static std::uint16_t next(std::vector<std::uint16_t>& of, int chunk) { return of[static_cast<std::size_t>(chunk)]++; }
  void put(const Item& item) {
    if (item.microbatch < order_.microbatches_per_route()) order_.items.back().push_back(item);
  }

  Order& order_;
  std::vector<std::uint16_t> forward_;   ///< by chunk: next micro-batch
  std::vector<std::uint16_t> backward_;  ///< by chunk: next micro-batch
  int begin_ = 0;
  int length_ = 0;
};

/// Writes the items of one stage in the words of the papers.
template <class Sink>
class StageWriter {
 public:
  explicit StageWriter(Sink& sink) : sink_(sink) {}

  void forward(int chunk) { sink_.forward(chunk); }
  void backward(int chunk) { sink_.backward(Pass::backward, chunk); }
  /// Puts the weight gradient off: it joins the queue that `weight_gradient` serves.
  void input_gradient(int chunk) { waiting_.push_back({chunk, sink_.backward(Pass::input_gradient, chunk)}); }
  void backward(int chunk, bool put_weight_gradient_off) {
    put_weight_gradient_off ? input_gradient(chunk) : backward(chunk);
  }
  /// The weight gradient that has waited longest.
  void weight_gradient() { run(waiting_[served_++]); }
  /// The weight gradient of a chunk that has waited longest.
  void weight_gradient(int chunk) {
    const auto first = waiting_.begin() + static_cast<std::ptrdiff_t>(served_);
    const auto found = std::find_if(first, waiting_.end(), [chunk](const Waiting& w) { return w.chunk == chunk; });
    run(*found);
    waiting_.erase(found);
  }
  void forward_backward(int forward_chunk, int backward_chunk) {
    sink_.forward_backward(forward_chunk, backward_chunk);
  }
  [[nodiscard]] bool weight_gradients_wait() const { return served_ < waiting_.size(); }

  /// The part that repeats: `write()`, so many times.
  template <class Write>
  void repeat(int times, Write write) {
    sink_.begin_repetition();
    if (times < 1) sink_.end_repetition();
    for (int i = 0; i < times; ++i) {
      write();
      if (i == 0) sink_.end_repetition();
    }
    sink_.end_repetitions(times);
  }

  void next_stage() {
    waiting_.clear();
    served_ = 0;
    sink_.begin_stage();
  }

 private:
  struct Waiting {
    int chunk;
    std::uint16_t microbatch;
  };
  void run(Waiting w) { sink_.weight_gradient(w.chunk, w.microbatch); }

  Sink& sink_;
  std::vector<Waiting> waiting_;  ///< weight gradients put off, in the order they came
  std::size_t served_ = 0;        ///< of them have run
};

/// Calls `write(stage, writer)` for each stage.
template <class Sink, class Write>
void write_stages(const Shape& shape, Sink& sink, Write write) {
  StageWriter<Sink> writer(sink);
  for (int stage = 0; stage < shape.stages; ++stage) {
    writer.next_stage();
    write(stage, writer);
  }
}

/// An order of `shape` out of what `write(sink)` writes.
template <class Write>
[[nodiscard]] Order order_of(const Shape& shape, Placement placement, int period, Write write) {
  Order order;
  order.layout = {shape.stages, shape.chunks, placement};
  order.microbatches = shape.microbatches;
  order.period = period;
  order.items.reserve(static_cast<std::size_t>(shape.stages));
  ItemSink sink(order);
  write(sink);
  return order;
}

}  // namespace sextant::sim::schedule
