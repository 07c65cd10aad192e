// SPDX-License-Identifier: Apache-2.0
// Schedules of one chunk a device: GPipe, 1F1B and ZB-H1.
#include <algorithm>

#include "sim/schedule/builders.hpp"
#include "sim/schedule/kind_sink.hpp"
#include "sim/schedule/stage_writer.hpp"

namespace sextant::sim::schedule {

namespace {

/// All forwards, then all backwards (Huang et al., 1811.06965).
template <class Sink>
void gpipe(const Shape& shape, Sink& sink) {
  write_stages(shape, sink, [&](int, StageWriter<Sink>& write) {
    for (int i = 0; i < shape.microbatches; ++i) write.forward(0);
    for (int i = 0; i < shape.microbatches; ++i) write.backward(0);
  });
}

/// PipeDream-flush as Megatron-LM runs it (Narayanan et al., 2104.04473, figure 4 top): stage i runs p - 1 - i forwards
/// ahead, then forward and backward in turn.
template <class Sink>
void one_f_one_b(const Shape& shape, Sink& sink) {
  write_stages(shape, sink, [&](int stage, StageWriter<Sink>& write) {
    const int warmup = std::min(shape.stages - 1 - stage, shape.microbatches);
    for (int i = 0; i < warmup; ++i) write.forward(0);
    write.repeat(shape.microbatches - warmup, [&] {
      write.forward(0);
      write.backward(0);
    });
    for (int i = 0; i < warmup; ++i) write.backward(0);
  });
}

/// 1F1B with weight gradients put off: stage i runs them i micro-batches late, so that every stage holds p
/// micro-batches and the cool-down has work where 1F1B idles (Qi et al., 2401.10241, section 3.1, figure 3; the order
/// of PyTorch's zero-bubble 1F1B).
template <class Sink>
void zb_h1(const Shape& shape, Sink& sink) {
  write_stages(shape, sink, [&](int stage, StageWriter<Sink>& write) {
    const int warmup = std::min(shape.stages - 1 - stage, shape.microbatches);
    const int pairs = shape.microbatches - warmup;
    const int late = std::min(stage, pairs);
    for (int i = 0; i < warmup; ++i) write.forward(0);
    for (int i = 0; i < late; ++i) {
      write.forward(0);
      write.input_gradient(0);
    }
    write.repeat(pairs - late, [&] {
      write.forward(0);
      write.input_gradient(0);
      write.weight_gradient();
    });
    for (int i = 0; i < warmup; ++i) {
      write.input_gradient(0);
      if (pairs + i >= stage) write.weight_gradient();
    }
    while (write.weight_gradients_wait()) write.weight_gradient();
  });
}

}  // namespace

Order build_gpipe(const Shape& shape) {
  return order_of(shape, Placement::loop, 0, [&](ItemSink& sink) { gpipe(shape, sink); });
}
Order build_one_f_one_b(const Shape& shape) {
  return order_of(shape, Placement::loop, 1, [&](ItemSink& sink) { one_f_one_b(shape, sink); });
}
Order build_zb_h1(const Shape& shape) {
  return order_of(shape, Placement::loop, 1, [&](ItemSink& sink) { zb_h1(shape, sink); });
}

void write_gpipe(const Shape& shape, KindSink& sink) { gpipe(shape, sink); }
void write_one_f_one_b(const Shape& shape, KindSink& sink) { one_f_one_b(shape, sink); }
void write_zb_h1(const Shape& shape, KindSink& sink) { zb_h1(shape, sink); }

}  // namespace sextant::sim::schedule
