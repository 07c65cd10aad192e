// SPDX-License-Identifier: Apache-2.0
// The pipeline schedules Sextant knows, one row each.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/quantity.hpp"
#include "sim/run/options.hpp"
#include "sim/schedule/order.hpp"

namespace sextant::sim::schedule {

/// What an order is built for.
struct Shape {
  int stages = 1;            ///< devices in the pipeline, p
  int chunks = 1;            ///< model chunks on each device, v
  int microbatches = 1;      ///< of one replica in one step, m
  int microbatch_group = 0;  ///< interleaved: micro-batches run in a row through one chunk
                             ///< (Megatron's microbatch_group_size_per_virtual_pipeline_stage); 0: the smallest allowed

  bool operator==(const Shape&) const = default;
};

/// Times of one chunk and one micro-batch where all virtual stages are alike.
struct EqualCosts {
  Seconds forward;
  Seconds input_gradient;
  Seconds weight_gradient;
  Seconds pair;  ///< an overlapped forward and backward

  [[nodiscard]] Seconds backward() const { return input_gradient + weight_gradient; }
  [[nodiscard]] Seconds total() const { return forward + backward(); }
};

/// What a run calls a schedule; `Schedule` is its row here.
using ScheduleId = sim::Schedule;

class KindSink;

struct Schedule {
  ScheduleId id;
  std::string_view name;  ///< as runs write it
  std::array<std::string_view, 5> aliases;
  std::string_view requirements;    ///< in words, for help texts
  std::string_view source;          ///< the paper or program whose order this is
  std::string_view bubble_formula;  ///< of one device; F, B (input gradient), W, F&B of one micro-batch on one chunk
  Placement placement;
  int chunks;         ///< model chunks on each device; 0: the user chooses two or more
  int weight_copies;  ///< how often each parameter is stored over the pipeline's devices

  /// What the schedule itself has against a shape; use refusal().
  std::string (*refuse)(const Shape&);
  /// The order of a shape that is not refused.
  Order (*build)(const Shape&);
  /// The same as kinds of items.
  void (*write)(const Shape&, KindSink&);
  /// Micro-batches after which the middle of the order repeats itself; 0: it has no such middle.
  int (*period)(const Shape&);
  /// Fewest micro-batches that show warm-up, one repetition and cool-down.
  int (*settled)(const Shape&);
  /// `bubble_formula`: idle time of a device where virtual stages are equal and hops free. Enough to rank shapes; the
  /// executor decides.
  Seconds (*bubble)(const Shape&, const EqualCosts&);
  /// Most activations that a device holds until weight gradients, in micro-batches of one chunk, all chunks together.
  int (*peak_activations)(const Shape&, int stage);

  /// Why the shape cannot run this schedule, with numbers; empty when it can.
  [[nodiscard]] std::string refusal(const Shape& shape) const;
  [[nodiscard]] Layout layout(const Shape& shape) const { return {shape.stages, shape.chunks, placement}; }
};

/// All rows, ordered by ScheduleId.
[[nodiscard]] std::span<const Schedule> schedules();
[[nodiscard]] const Schedule& schedule(ScheduleId id);

/// The row with this name or alias, separators and case ignored; nullptr when there is none.
[[nodiscard]] const Schedule* find_schedule(std::string_view name);

/// The shape with the fewest micro-batches that has the same warm-up, middle and cool-down; groups spelled out.
[[nodiscard]] Shape reduced(const Schedule& schedule, const Shape& shape);

}  // namespace sextant::sim::schedule
