// SPDX-License-Identifier: Apache-2.0
// What a prediction has to beat: one constant model-FLOPs utilisation, stretched by the pipeline bubble.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// Step time at 100 % of the dense 16-bit peak, times 1 + (pp - 1) / (m vp), the bubble of (interleaved) 1F1B.
[[nodiscard]] Seconds ideal_step(const Run& run);

/// GPU architecture, FP8 or narrower, dense or MoE: a baseline with one constant for each of these classes.
[[nodiscard]] std::string baseline_class(const Run& run);

struct BaselineRow {
  Seconds ideal;  ///< at a utilisation of 1
  Seconds measured;
  std::string group;  ///< rows of one group share a constant
};

/// Predicted over measured, minus one, for each row; the constant of a group is the one whose median error over the
/// same rows is zero.
[[nodiscard]] std::vector<double> baseline_errors(std::span<const BaselineRow> rows);

}  // namespace sextant::sim
