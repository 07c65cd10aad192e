// SPDX-License-Identifier: Apache-2.0
// A whole calibration from measured rows: parameters, their posterior, what was seen, and the widths of the model's own
// error.
#pragma once

#include <span>
#include <string>

#include "base/catalogue.hpp"
#include "models/observation.hpp"
#include "sim/calibration/fit.hpp"
#include "sim/parameters/calibration.hpp"

namespace sextant::sim {

/// Sixteen hexadecimal digits that change with any row's id, measured time or order.
[[nodiscard]] std::string digest_of(std::span<const models::Observation> observations);

/// Fits from the priors, then refits without each publisher family and each model and learns the band's widths from
/// what those predict for the rows they have not seen. Id, code and source are left to the caller.
[[nodiscard]] Calibration calibrated(std::span<const models::Observation> observations, const Catalogue& catalogue,
                                     const FitOptions& options, Diagnostics& faults);

}  // namespace sextant::sim
