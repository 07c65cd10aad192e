// SPDX-License-Identifier: Apache-2.0
// Builders: one kind of result each into a Report. All figures that a view shows are worked out here.
#pragma once

#include <span>
#include <string>

#include "models/model.hpp"
#include "sim/api.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// "sextant/step/1": one run and what was predicted of it.
[[nodiscard]] Report step_report(const Run& run, const Prediction& prediction, const Calibration& calibration);

/// "sextant/model/1": structure, parameter and FLOP counts, where each value came from.
[[nodiscard]] Report model_report(const models::Model& model, int seq_len);

/// Every calibrated parameter with its prior.
[[nodiscard]] Report calibration_report(const Calibration& calibration);
/// The same as a table under "parameters"; only some of them unless `only` is empty.
[[nodiscard]] Table parameter_table_of(const Calibration& calibration, std::span<const Parameter> only);

/// "tp 1, pp 16, ep 64, dp 128, DualPipe"
[[nodiscard]] std::string layout_text(const Run& run);
/// "sharding zero1 (usual for Megatron-Core)"
[[nodiscard]] std::string text_of(const Assumption& assumption);
/// "deepseek-v3 on 2,048 x H800-SXM-80GB"
[[nodiscard]] std::string run_title(const Run& run);

}  // namespace sextant::sim::report
