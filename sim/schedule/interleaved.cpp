// SPDX-License-Identifier: Apache-2.0
// Interleaved 1F1B in the order of Megatron-Core (megatron/core/pipeline_parallel/schedules.py, get_schedule_table and
// forward_backward_pipelining_with_interleaving; Narayanan et al., 2104.04473, figure 4 bottom).
#include <algorithm>

#include "sim/schedule/builders.hpp"

namespace sextant::sim::schedule {

int interleaved_group(const Shape& shape) {
  if (shape.microbatch_group > 0) return std::min(shape.microbatch_group, shape.microbatches);
  const int p = shape.stages;
  const int m = shape.microbatches;
  for (int group = p; group < m; ++group) {
    if (m % group == 0 || m % group >= p) return group;
  }
  return m;
}

int interleaved_warmup(const Shape& shape, int stage) {
  return 2 * (shape.stages - 1 - stage) + (shape.chunks - 1) * interleaved_group(shape);
}

namespace {

/// The k-th virtual micro-batch: groups of micro-batches go through chunk 0, then chunk 1, ...; the last group is short
/// where the group does not divide m. Backwards take the same table with the chunks in reverse.
class ScheduleTable {
 public:
  explicit ScheduleTable(const Shape& shape)
      : chunks_(shape.chunks), microbatches_(shape.microbatches), group_(interleaved_group(shape)) {
    forward_.reserve(at(size()));
    for (int first = 0; first < microbatches_; first += group_) {
      const int end = std::min(first + group_, microbatches_);
      for (int chunk = 0; chunk < chunks_; ++chunk) {
        for (int i = first; i < end; ++i) {
          forward_.push_back({Pass::forward, static_cast<std::uint16_t>(chunk), static_cast<std::uint16_t>(i), 0, 0});
        }
      }
    }
  }

  [[nodiscard]] Item forward(int k) const { return forward_[at(k)]; }
  [[nodiscard]] Item backward(int k) const {
    Item item = forward_[at(k)];
    item.pass = Pass::backward;
    item.chunk = static_cast<std::uint16_t>(chunks_ - 1 - item.chunk);
    return item;
  }
  [[nodiscard]] Item forward_backward(int forward_k, int backward_k) const {
    Item item = forward_[at(forward_k)];
    const Item second = backward(backward_k);
    item.pass = Pass::forward_backward;
    item.backward_chunk = second.chunk;
    item.backward_microbatch = second.microbatch;
    return item;
  }

  [[nodiscard]] int size() const { return chunks_ * microbatches_; }
  [[nodiscard]] int group() const { return group_; }
  /// Entries that belong to groups of full length.
  [[nodiscard]] int size_of_full_groups() const { return chunks_ * (microbatches_ / group_ * group_); }

 private:
  static std::size_t at(int k) { return static_cast<std::size_t>(k); }

  int chunks_;
  int microbatches_;
  int group_;
  std::vector<Item> forward_;
};

/// `ahead` forwards more than 1F1B warm the pipeline up; `steady` writes the k-th forward with a backward.
template <class WriteSteady>
Order build(const Shape& shape, int ahead, int items_per_step, WriteSteady write_steady) {
  const ScheduleTable table(shape);
  Order order;
  order.layout = {shape.stages, shape.chunks, Placement::loop};
  order.microbatches = shape.microbatches;
  order.period = table.group();
  for (int stage = 0; stage < shape.stages; ++stage) {
    std::vector<Item>& items = order.items.emplace_back();
    items.reserve(static_cast<std::size_t>(2 * table.size()));
    const int warmup = std::min(interleaved_warmup(shape, stage) + ahead, table.size());
    for (int k = 0; k < warmup; ++k) items.push_back(table.forward(k));
    const int period = table.group() * shape.chunks;
    order.steady.push_back(
        {warmup, items_per_step * period, std::max(0, table.size_of_full_groups() - warmup) / period});
    for (int k = warmup; k < table.size(); ++k) write_steady(items, table, k, k - warmup);
    for (int k = table.size() - warmup; k < table.size(); ++k) items.push_back(table.backward(k));
  }
  return order;
}

}  // namespace

Order build_interleaved(const Shape& shape) {
  return build(shape, 0, 2, [](std::vector<Item>& items, const ScheduleTable& table, int forward_k, int backward_k) {
    items.push_back(table.forward(forward_k));
    items.push_back(table.backward(backward_k));
  });
}

/// Megatron's --overlap-moe-expert-parallel-comm: one more forward ahead, then each forward overlapped with the
/// backward that follows it, so that the all-to-all of one hides under the compute of the other.
Order build_interleaved_overlap(const Shape& shape) {
  return build(shape, 1, 1, [](std::vector<Item>& items, const ScheduleTable& table, int forward_k, int backward_k) {
    items.push_back(table.forward_backward(forward_k, backward_k));
  });
}

}  // namespace sextant::sim::schedule
