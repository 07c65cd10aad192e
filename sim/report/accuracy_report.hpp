// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "sim/claims/nearest.hpp"
#include "sim/report/validation_report.hpp"

namespace sextant::sim::report {

/// Every shipped set of measured steps, predicted; the fitted ones together, as "fit". Stops early, with what it has,
/// as soon as `cancelled` says so.
[[nodiscard]] std::vector<ValidationBeside> validate_shipped(const Catalogue& catalogue, const Calibration& calibration,
                                                             Diagnostics& faults,
                                                             const std::function<bool()>& cancelled);

/// "sextant/accuracy/1": the rows of validations as points to draw, with what to colour and filter them by. Table
/// "points": "id", "measured_s", "predicted_s", "low_s", "high_s", "error", "in_band", "model", "kind", "gpu", "gpus",
/// "stack", "precision", "layout", "publisher", "set", "suspect". Table "sets": "summary" in words, "tag" of what
/// explains it.
[[nodiscard]] Report accuracy_report(const std::vector<ValidationBeside>& sets);

/// The nearest measured runs with the error that Sextant makes there. Table "nearest": "id", "distance", "mfu",
/// "tokens_per_s_per_gpu", "error", "publisher".
[[nodiscard]] Table nearest_table(const std::vector<Neighbour>& neighbours, const std::vector<ValidationBeside>& sets);

}  // namespace sextant::sim::report
