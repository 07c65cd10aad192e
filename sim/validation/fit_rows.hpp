// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "base/catalogue.hpp"
#include "models/observation.hpp"
#include "sim/calibration/fit.hpp"

namespace sextant::sim {

/// Observations as rows of a fit, weighted as set_weights does; a row that is no run is a fault.
[[nodiscard]] std::vector<FitRow> fit_rows(std::span<const models::Observation> observations,
                                           const Catalogue& catalogue, Diagnostics& faults);

}  // namespace sextant::sim
