// SPDX-License-Identifier: Apache-2.0
// DualPipe and DualPipeV in the order of DeepSeek's published programs (github.com/deepseek-ai/DualPipe, dualpipe.py
// and dualpipev.py; DeepSeek-V3 report 2412.19437, section 3.2.1). The phases bear the programs' names: "nB1W1F1" is n
// times a backward of chunk 1, its weight gradient, a forward of chunk 1; F0B1 run together is one overlapped pair.
#include <algorithm>

#include "sim/schedule/builders.hpp"
#include "sim/schedule/kind_sink.hpp"
#include "sim/schedule/stage_writer.hpp"

namespace sextant::sim::schedule {

namespace {

/// What tells the stages of both schedules apart. DualPipe folds its p devices in the middle: device i and p - 1 - i
/// follow the same order with the directions exchanged. DualPipeV is one half of that fold.
struct Fold {
  int depth;         ///< devices from an end to the turn: p/2 in DualPipe, p in DualPipeV
  int place;         ///< of this device, from the end: 0 .. depth - 1
  int microbatches;  ///< of each chunk
  int first;         ///< the chunk the programs call 0: the one whose micro-batches enter near this device

  [[nodiscard]] int before_turn() const { return depth - 1 - place; }
  [[nodiscard]] bool at_turn() const { return place == depth - 1; }
};

template <class Sink>
void write_warm_up(StageWriter<Sink>& write, const Fold& fold) {
  const int c0 = fold.first;
  const int c1 = 1 - c0;
  for (int i = 0; i < 2 * fold.before_turn(); ++i) write.forward(c0);  // 1: nF0
  for (int i = 0; i < fold.place + 1; ++i) {                           // 2: nF0F1
    write.forward(c0);
    write.forward(c1);
  }
  for (int i = 0; i < fold.before_turn(); ++i) {  // 3: nB1W1F1
    write.input_gradient(c1);
    write.weight_gradient();
    write.forward(c1);
  }
}

/// 4: nF0B1F1B0, the overlapped main part.
template <class Sink>
void write_main(StageWriter<Sink>& write, const Fold& fold) {
  const int c0 = fold.first;
  const int c1 = 1 - c0;
  int steps = fold.microbatches - 2 * fold.depth + fold.place + 1;
  if (fold.at_turn() &&
      steps > 0) {  // the programs do not overlap the first pair here, "to further reduce bubble size"
    write.forward(c0);
    write.backward(c1);
    write.forward_backward(c1, c0);
    --steps;
  }
  write.repeat(steps, [&] {
    write.forward_backward(c0, c1);
    write.forward_backward(c1, c0);
  });
}

template <class Sink>
void write_cool_down(StageWriter<Sink>& write, const Fold& fold) {
  const int c0 = fold.first;
  const int c1 = 1 - c0;
  for (int i = 0; i < fold.before_turn(); ++i) {  // 5: nB1F1B0
    write.backward(c1);
    write.forward_backward(c1, c0);
  }
  const int pairs = fold.place + 1;
  for (int i = 0; i < pairs; ++i) {  // 6: nB1B0, the second half of these chunks without weight gradients
    write.backward(c1, 2 * i >= pairs);
    write.backward(c0, 2 * i + 1 >= pairs);
  }
  for (int i = 0; i < fold.before_turn(); ++i) {  // 7: nWB0
    write.weight_gradient();
    write.input_gradient(c0);
  }
  while (write.weight_gradients_wait()) write.weight_gradient();  // 8: nW
}

template <class Sink>
void write_stage(StageWriter<Sink>& write, const Fold& fold) {
  write_warm_up(write, fold);
  write_main(write, fold);
  write_cool_down(write, fold);
}

template <class Sink>
void dualpipe(const Shape& shape, Sink& sink) {
  write_stages(shape, sink, [&](int stage, StageWriter<Sink>& write) {
    const int mirrored = shape.stages - 1 - stage;
    write_stage(write, {shape.stages / 2, std::min(stage, mirrored), shape.microbatches / 2, stage < mirrored ? 0 : 1});
  });
}

template <class Sink>
void dualpipe_v(const Shape& shape, Sink& sink) {
  write_stages(shape, sink, [&](int stage, StageWriter<Sink>& write) {
    write_stage(write, {shape.stages, stage, shape.microbatches, 0});
  });
}

}  // namespace

Order build_dualpipe(const Shape& shape) {
  return order_of(shape, Placement::bidirectional, 2, [&](ItemSink& sink) { dualpipe(shape, sink); });
}
Order build_dualpipe_v(const Shape& shape) {
  return order_of(shape, Placement::vee, 1, [&](ItemSink& sink) { dualpipe_v(shape, sink); });
}

void write_dualpipe(const Shape& shape, KindSink& sink) { dualpipe(shape, sink); }
void write_dualpipe_v(const Shape& shape, KindSink& sink) { dualpipe_v(shape, sink); }

}  // namespace sextant::sim::schedule
