// SPDX-License-Identifier: Apache-2.0
#pragma once

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

  Seconds forward_compute;   ///< GPU time without communication
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

/// max(a, b) rounded off where they meet: (a^p + b^p)^(1/p).
[[nodiscard]] Seconds soft_max(Seconds a, Seconds b, double p);

}  // namespace sextant::sim
