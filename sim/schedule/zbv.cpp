// SPDX-License-Identifier: Apache-2.0
// ZB-V: two chunks a device laid as a V, weight gradients apart (Qi et al., Pipeline Parallelism with Controllable
// Memory, 2405.15362, and Zero Bubble, 2401.10241, section 6; the order of PyTorch's ScheduleZBVZeroBubble).
#include <algorithm>

#include "sim/schedule/builders.hpp"
#include "sim/schedule/kind_sink.hpp"
#include "sim/schedule/stage_writer.hpp"

namespace sextant::sim::schedule {

namespace {

template <class Sink>
void forward_input_weight(StageWriter<Sink>& write, int forward_chunk, int backward_chunk) {
  write.forward(forward_chunk);
  write.input_gradient(backward_chunk);
  write.weight_gradient();
}

/// The order of stage `i` for `m` >= 2p - 1 micro-batches.
template <class Sink>
void write_stage(StageWriter<Sink>& write, int p, int i, int m) {
  const int first_forwards = 2 * (p - i) - 1;
  for (int k = 0; k < first_forwards; ++k) write.forward(0);
  for (int k = 0; k < i; ++k) {
    write.forward(1);
    write.forward(0);
  }
  for (int k = 0; k < p - i; ++k) forward_input_weight(write, 1, 1);
  write.repeat(m - (first_forwards + i), [&] {
    forward_input_weight(write, 0, 0);
    forward_input_weight(write, 1, 1);
  });
  // Chunk 0 has been ahead of chunk 1 by so many forwards, which chunk 1 now makes up for.
  for (int k = 0; k < p - 1 - i; ++k) {
    write.input_gradient(0);
    write.weight_gradient();
    forward_input_weight(write, 1, 1);
  }
}

/// Input gradients first, since the other stages wait for them; weight gradients fill what is left.
template <class Sink>
void write_cool_down(StageWriter<Sink>& write, int p, int i) {
  for (int k = 0; k < i; ++k) {
    write.input_gradient(0);
    write.input_gradient(1);
  }
  for (int k = 0; k < p - i; ++k) {
    write.input_gradient(0);
    write.weight_gradient(0);
  }
  for (int k = 0; k < i; ++k) write.weight_gradient(1);
  for (int k = 0; k < i; ++k) write.weight_gradient(0);
}

/// The micro-batches that the warm-up takes: with fewer the order is that of so many, less those that do not exist.
int least(const Shape& shape) { return 2 * shape.stages - 1; }

template <class Sink>
void zbv(const Shape& shape, Sink& sink) {
  write_stages(shape, sink, [&](int stage, StageWriter<Sink>& write) {
    write_stage(write, shape.stages, stage, std::max(shape.microbatches, least(shape)));
    write_cool_down(write, shape.stages, stage);
  });
}

}  // namespace

Order build_zbv(const Shape& shape) {
  const int period = shape.microbatches < least(shape) ? 0 : 1;
  return order_of(shape, Placement::vee, period, [&](ItemSink& sink) { zbv(shape, sink); });
}

void write_zbv(const Shape& shape, KindSink& sink) { zbv(shape, sink); }

}  // namespace sextant::sim::schedule
