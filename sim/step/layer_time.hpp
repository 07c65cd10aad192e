// SPDX-License-Identifier: Apache-2.0
// One layer by itself, pass by pass: the cost that a step multiplies by its layers, and what a layer measured alone is
// held against.
#pragma once

#include <vector>

#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"
#include "sim/step/layer_cost.hpp"
#include "sim/step/terms.hpp"
#include "sim/workload/op.hpp"
#include "sim/workload/state.hpp"

namespace sextant::sim {

/// One operator's own time, as if the layer held nothing else.
struct OperatorTime {
  Op op;
  Term term = Term::gemm;
  Seconds forward;
  Seconds input_gradient;
  Seconds weight_gradient;
};

/// One layer of a kind, one micro-batch, on one rank.
struct LayerTime {
  std::size_t kind = 0;       ///< index into ModelSpec::kinds
  RankParameters parameters;  ///< of the layer on the rank
  Terms forward;
  Terms input_gradient;  ///< and what is recomputed, and the backward pass's launches
  Terms weight_gradient;
  std::vector<OperatorTime> operators;  ///< front to back

  [[nodiscard]] Seconds backward() const { return input_gradient.sum() + weight_gradient.sum(); }
  /// Without what the host's launches add: the time of a GPU whose host runs ahead.
  [[nodiscard]] Seconds gpu_forward() const { return forward.sum() - forward[Term::host]; }
  [[nodiscard]] Seconds gpu_backward() const { return backward() - input_gradient[Term::host]; }
};

/// What a step's layer_cost() says of each kind of layer, in the order of ModelSpec::kinds. `accumulates`: each weight
/// gradient is also added to an fp32 one, as between micro-batches of a step.
[[nodiscard]] std::vector<LayerTime> layer_times(const Run& run, const Parameters& parameters,
                                                 bool accumulates = false);

}  // namespace sextant::sim
