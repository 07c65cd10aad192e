// SPDX-License-Identifier: Apache-2.0
// A user's own measurements on top of a calibration: the few parameters that belong to their stack are fitted again.
#pragma once

#include <vector>

#include "sim/calibration/fit.hpp"
#include "sim/parameters/calibration.hpp"

namespace sextant::sim {

/// The parameters that describe the rows' stacks rather than the hardware: element-wise kernels, host launches, and the
/// overlap of what the rows communicate. At most five a stack.
[[nodiscard]] std::vector<Parameter> own_parameters(const std::vector<FitRow>& rows);

/// `calibration` with its own_parameters() fitted to `rows`; its values and posterior widths are the priors. A width is
/// at least `least_sigma`, because another site's build of a stack differs from those the calibration has seen.
[[nodiscard]] Calibration fit_own_rows(const std::vector<FitRow>& rows, const Calibration& calibration,
                                       const FitOptions& options = {}, double least_sigma = 0.25);

}  // namespace sextant::sim
