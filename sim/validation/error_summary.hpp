// SPDX-License-Identifier: Apache-2.0
// Statistics of prediction errors.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace sextant::sim {

/// The q-quantile of `values`, interpolated between ranks; NaN when there are none.
[[nodiscard]] double quantile(std::vector<double> values, double q);

/// One row as the statistics see it. Errors are predicted / measured - 1.
struct RowError {
  double error = 0;
  bool in_band = false;          ///< the measurement lies in the predicted 80 % band
  double half_width = 0;         ///< of that band: of the logarithm
  std::string regime{};          ///< what decides most of that width
  double baseline = 0;           ///< error of one constant utilisation
  double baseline_by_class = 0;  ///< error of one constant a class
};

/// Of absolute errors, except `bias`.
struct ErrorStatistics {
  double median = 0;
  double mean = 0;
  double p90 = 0;
  double bias = 0;  ///< median of the signed errors
};

[[nodiscard]] ErrorStatistics statistics(std::span<const double> errors);

struct ErrorSummary {
  int n = 0;
  ErrorStatistics errors;
  double coverage = 0;    ///< share of rows in their 80 % band
  double half_width = 0;  ///< median of the bands
  ErrorStatistics baseline;
  ErrorStatistics baseline_by_class;
};

[[nodiscard]] ErrorSummary summarise(std::span<const RowError> rows);

}  // namespace sextant::sim
