// SPDX-License-Identifier: Apache-2.0
// ZB-V: two chunks a device laid as a V, weight gradients apart (Qi et al., Pipeline Parallelism with Controllable
// Memory, 2405.15362, and Zero Bubble, 2401.10241, section 6; the order of PyTorch's ScheduleZBVZeroBubble).
#include <algorithm>

#include "sim/schedule/builders.hpp"

namespace sextant::sim::schedule {

namespace {

void forward_input_weight(StageWriter& write, int forward_chunk, int backward_chunk) {
  write.forward(forward_chunk);
  write.input_gradient(backward_chunk);
  write.weight_gradient();
}

/// The order of stage `i` for `m` >= 2p - 1 micro-batches.
Steady write_stage(StageWriter& write, int p, int i, int m) {
  const int first_forwards = 2 * (p - i) - 1;
  for (int k = 0; k < first_forwards; ++k) write.forward(0);
  for (int k = 0; k < i; ++k) {
    write.forward(1);
    write.forward(0);
  }
  for (int k = 0; k < p - i; ++k) forward_input_weight(write, 1, 1);
  const Steady steady{write.position(), 6, m - (first_forwards + i)};
  for (int k = 0; k < steady.repeats; ++k) {
    forward_input_weight(write, 0, 0);
    forward_input_weight(write, 1, 1);
  }
  // Chunk 0 has been ahead of chunk 1 by so many forwards, which chunk 1 now makes up for.
  for (int k = 0; k < p - 1 - i; ++k) {
    write.input_gradient(0);
    write.weight_gradient();
    forward_input_weight(write, 1, 1);
  }
  return steady;
}

/// Input gradients first, since the other stages wait for them; weight gradients fill what is left.
void write_cool_down(StageWriter& write, int p, int i) {
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

}  // namespace

Order build_zbv(const Shape& shape) {
  // Fewer micro-batches than the warm-up takes: the order of 2p - 1, less those that do not exist.
  Shape laid_out = shape;
  laid_out.microbatches = std::max(shape.microbatches, 2 * shape.stages - 1);
  Order order = write_stages(laid_out, Placement::vee, 1, [&](int stage, StageWriter& write) {
    const Steady steady = write_stage(write, shape.stages, stage, laid_out.microbatches);
    write_cool_down(write, shape.stages, stage);
    return steady;
  });
  if (laid_out == shape) return order;
  order.microbatches = shape.microbatches;
  order.period = 0;
  order.steady.clear();
  for (std::vector<Item>& items : order.items) {
    std::erase_if(items, [&](const Item& item) { return item.microbatch >= shape.microbatches; });
  }
  return order;
}

}  // namespace sextant::sim::schedule
