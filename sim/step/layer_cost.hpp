// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "sim/kernel/device.hpp"
#include "sim/run/run.hpp"
#include "sim/step/communication.hpp"
#include "sim/step/terms.hpp"
#include "sim/workload/op.hpp"

namespace sextant::sim {

/// One layer, one micro-batch, on one rank.
struct LayerCost {
  Terms forward;
  Terms backward;           ///< input and weight gradients, and what is recomputed
  Seconds weight_gradient;  ///< the part of `backward` that a schedule may put off

  Seconds forward_compute;   ///< without dispatch and combine, other exposed communication and launches included
  Seconds backward_compute;  ///< the same, weight gradients included
  Seconds forward_exchange;  ///< dispatch and combine, as if alone
  Seconds backward_exchange;

  [[nodiscard]] Seconds forward_time() const { return forward.sum(); }
  [[nodiscard]] Seconds backward_time() const { return backward.sum(); }
};

/// Everything a layer's cost depends on besides its operators.
struct LayerContext {
  const Run& run;
  const Device& device;
  const Communication& communication;
  const Parameters& parameters;
};

[[nodiscard]] LayerCost layer_cost(const LayerWork& work, bool is_moe, const LayerContext& context);

/// A layer before recompute: all that choices of recompute share, so that a search works it out once for all of them.
struct LayerBase {
  struct Redoable {
    Module module = Module::core_attn;
    Seconds forward;
  };

  LayerCost cost;                                      ///< without recompute
  Seconds whole;                                       ///< a second forward of the layer
  std::array<Redoable, LayerWork::capacity> redoable;  ///< operators that selective recompute may redo, front to back
  std::size_t redoables = 0;
};

/// Of `context.run` all but its recompute counts.
[[nodiscard]] LayerBase layer_base(const LayerWork& work, bool is_moe, const LayerContext& context);

/// What the run's recompute adds to the layer's backward pass.
[[nodiscard]] Seconds recompute_time(const LayerBase& base, const Run& run);

/// layer_cost() of a layer whose base is known.
[[nodiscard]] LayerCost with_recompute(const LayerBase& base, Seconds recompute);

/// max(a, b) rounded off where they meet: (a^p + b^p)^(1/p).
[[nodiscard]] Seconds soft_max(Seconds a, Seconds b, double p);

}  // namespace sextant::sim
