// SPDX-License-Identifier: Apache-2.0
// Interleaved 1F1B in the order of Megatron-Core (megatron/core/pipeline_parallel/schedules.py, get_schedule_table and
// forward_backward_pipelining_with_interleaving; Narayanan et al., 2104.04473, figure 4 bottom).
#include <algorithm>

#include "sim/schedule/builders.hpp"
#include "sim/schedule/kind_sink.hpp"
#include "sim/schedule/stage_writer.hpp"

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

/// The chunk of the k-th virtual micro-batch: groups of micro-batches go through chunk 0, then chunk 1, ...; the last
/// group is short where the group does not divide m. Backwards take the same table with the chunks in reverse.
class ScheduleTable {
 public:
  explicit ScheduleTable(const Shape& shape) : chunks_(shape.chunks), group_(interleaved_group(shape)) {
    chunk_.reserve(static_cast<std::size_t>(shape.microbatches) * static_cast<std::size_t>(chunks_));
    for (int first = 0; first < shape.microbatches; first += group_) {
      const int length = std::min(group_, shape.microbatches - first);
      for (int chunk = 0; chunk < chunks_; ++chunk)
        chunk_.insert(chunk_.end(), static_cast<std::size_t>(length), chunk);
    }
    full_ = chunks_ * (shape.microbatches / group_ * group_);
  }

  [[nodiscard]] int forward(int k) const { return chunk_[static_cast<std::size_t>(k)]; }
  [[nodiscard]] int backward(int k) const { return chunks_ - 1 - chunk_[static_cast<std::size_t>(k)]; }
  [[nodiscard]] int size() const { return static_cast<int>(chunk_.size()); }
  /// Virtual micro-batches of one group, all its chunks.
  [[nodiscard]] int period() const { return group_ * chunks_; }
  /// Entries that belong to groups of full length.
  [[nodiscard]] int size_of_full_groups() const { return full_; }

 private:
  int chunks_;
  int group_;
  int full_ = 0;
  std::vector<int> chunk_;
};

/// `ahead` forwards more than 1F1B warm the pipeline up; `write_both` writes a forward with a backward of two chunks.
template <class Sink, class WriteBoth>
void write(const Shape& shape, Sink& sink, int ahead, WriteBoth write_both) {
  const ScheduleTable table(shape);
  write_stages(shape, sink, [&](int stage, StageWriter<Sink>& write) {
    const int warmup = std::min(interleaved_warmup(shape, stage) + ahead, table.size());
    for (int k = 0; k < warmup; ++k) write.forward(table.forward(k));
    int k = warmup;
    write.repeat(std::max(0, table.size_of_full_groups() - warmup) / table.period(), [&] {
      for (const int end = k + table.period(); k < end; ++k) {
        write_both(write, table.forward(k), table.backward(k - warmup));
      }
    });
    for (; k < table.size(); ++k) write_both(write, table.forward(k), table.backward(k - warmup));
    for (k = table.size() - warmup; k < table.size(); ++k) write.backward(table.backward(k));
  });
}

template <class Sink>
void interleaved(const Shape& shape, Sink& sink) {
  write(shape, sink, 0, [](StageWriter<Sink>& write, int forward, int backward) {
    write.forward(forward);
    write.backward(backward);
  });
}

/// Megatron's --overlap-moe-expert-parallel-comm: one more forward ahead, then each forward overlapped with the
/// backward that follows it, so that the all-to-all of one hides under the compute of the other.
template <class Sink>
void interleaved_overlap(const Shape& shape, Sink& sink) {
  write(shape, sink, 1,
        [](StageWriter<Sink>& write, int forward, int backward) { write.forward_backward(forward, backward); });
}

}  // namespace

Order build_interleaved(const Shape& shape) {
  return order_of(shape, Placement::loop, interleaved_group(shape), [&](ItemSink& sink) { interleaved(shape, sink); });
}
Order build_interleaved_overlap(const Shape& shape) {
  return order_of(shape, Placement::loop, interleaved_group(shape),
                  [&](ItemSink& sink) { interleaved_overlap(shape, sink); });
}

void write_interleaved(const Shape& shape, KindSink& sink) { interleaved(shape, sink); }
void write_interleaved_overlap(const Shape& shape, KindSink& sink) { interleaved_overlap(shape, sink); }

}  // namespace sextant::sim::schedule
