// SPDX-License-Identifier: Apache-2.0
// Refits without some rows: what the calibration would be, had nobody published them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sim/calibration/fit.hpp"

namespace sextant::sim {

/// Rows that are left out together, by position.
struct Fold {
  std::string name;
  std::vector<std::size_t> rows;
};

/// Fits to the rows outside each fold, starting from `all`, the fit to every row. A fold's rows keep no
/// influence on the result except through the start; the cost falls as far as a fit's own does.
/// Iterations are not told.
[[nodiscard]] std::vector<Fit> fit_without(const std::vector<FitRow>& rows, const std::vector<Fold>& folds,
                                           const Parameters& all, const FitOptions& options = {});

}  // namespace sextant::sim
