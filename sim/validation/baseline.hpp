// SPDX-License-Identifier: Apache-2.0
// What a prediction has to beat: one constant model-FLOPs utilisation, stretched by the pipeline bubble.
#pragma once

#include <map>
#include <span>
#include <string>

#include "base/quantity.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// Step time at 100 % of the dense 16-bit peak, without a bubble: measured time over this is 1 / MFU.
[[nodiscard]] Seconds time_at_peak(const Run& run);

/// The same times 1 + (pp - 1) / (m vp), the bubble of (interleaved) 1F1B.
[[nodiscard]] Seconds ideal_step(const Run& run);

/// GPU architecture, FP8 or narrower, dense or MoE: a baseline with one constant for each of these classes.
[[nodiscard]] std::string baseline_class(const Run& run);

struct BaselineRow {
  Seconds ideal;  ///< at a utilisation of 1
  Seconds measured;
  std::string group;  ///< class of the row
};

/// Measured over ideal step time: the reciprocal of a utilisation.
struct Baselines {
  double one = 1;
  std::map<std::string, double> by_class;

  /// Of a class that was not among the rows: `one`.
  [[nodiscard]] double of_class(const std::string& group) const;
};

/// The constants whose median error over the rows is zero.
[[nodiscard]] Baselines fit_baselines(std::span<const BaselineRow> rows);

}  // namespace sextant::sim
