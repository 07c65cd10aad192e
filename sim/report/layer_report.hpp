// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/parameters/calibration.hpp"
#include "sim/report/report.hpp"
#include "sim/run/run.hpp"
#include "sim/step/layer_time.hpp"
#include "sim/validation/measured_layers.hpp"

namespace sextant::sim::report {

/// "sextant/layer/1": one layer of each kind by itself, forward and both gradients. Table "layers": "layer", "count",
/// "parameters", "forward_s", "input_gradient_s", "weight_gradient_s", "backward_s", "gpu_forward_s",
/// "gpu_backward_s"; "terms" and "operators" are its parts.
[[nodiscard]] Report layer_report(const Run& run, const std::vector<LayerTime>& layers);

/// A measured layer and what is predicted of it.
struct ComparedLayer {
  MeasuredLayer measured;
  Run run;
  LayerTime predicted;
};

/// "sextant/layer-comparison/1": table "rows" with "model", "gpu", "tokens", "kernels", "pass", "measured_s",
/// "predicted_s", "error"; the predictions are of a GPU whose host runs ahead, as it does in the measurement.
[[nodiscard]] Report layer_comparison_report(const std::vector<ComparedLayer>& rows);

}  // namespace sextant::sim::report
