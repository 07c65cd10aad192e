// SPDX-License-Identifier: Apache-2.0
// Maximum a posteriori fit of the calibrated parameters to measured steps.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// One measured step.
struct FitRow {
  Run run;
  Seconds measured;
  double weight = 1;
  std::string publisher;
};

struct FitOptions {
  int iterations = 25;
  double noise = 0.05;  ///< relative error at which the robust loss turns from quadratic to linear
  int threads = 2;
  /// Parameters to fit with their priors; empty: those that parameter_table() marks as fitted.
  std::vector<ParameterInfo> free;
  std::function<void(int, double)> progress;  ///< iteration and cost; may be empty
};

struct Fit {
  Parameters parameters;
  std::vector<Parameter> fitted;   ///< rows and columns of `covariance`
  std::vector<double> covariance;  ///< of the logarithms, row by row (Laplace approximation)
  double cost = 0;
  int iterations = 0;
};

/// Minimises half the sum of robust squared log errors and of squared prior deviations over the logarithms of the
/// fitted parameters (Levenberg-Marquardt, forward differences).
[[nodiscard]] Fit fit(const std::vector<FitRow>& rows, const Parameters& start, const FitOptions& options = {});

/// Rows of one publisher count no more than `publisher_rows` in all; identical runs of a publisher that disagree by
/// more than 8 % have lost what told them apart and count a fifth; doubtful rows count a tenth.
void set_weights(std::vector<FitRow>& rows, const std::vector<bool>& doubtful, double publisher_rows = 187);

}  // namespace sextant::sim
