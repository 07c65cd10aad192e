// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/run/run.hpp"
#include "sim/workload/op.hpp"
#include "sim/workload/rank_shape.hpp"

namespace sextant::sim {

/// The operators of one layer. `imbalance`: tokens of the fullest expert rank over the mean.
[[nodiscard]] LayerWork expand_layer(const Run& run, const models::Layer& layer, double imbalance);

}  // namespace sextant::sim
