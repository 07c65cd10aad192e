// SPDX-License-Identifier: Apache-2.0
// What is not known of the calibrated parameters, carried through a figure: inputs that were fitted together move
// together.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "sim/parameters/calibration.hpp"

namespace sextant::sim {

/// A figure as a function of the parameters, as its natural logarithm.
using LogFigure = std::function<double(const Parameters&)>;

/// How a figure answers one parameter moved by one standard deviation to either side, the others staying.
struct Response {
  Parameter parameter{};
  double sigma = 0;  ///< of the parameter's logarithm: posterior where it was fitted, else prior
  double down = 0;   ///< change of the figure's logarithm with the parameter one sigma lower
  double up = 0;     ///< the same, one sigma higher

  [[nodiscard]] double slope() const { return (up - down) / (2.0 * sigma); }
};

/// Responses that are not zero, in the order of the parameter table. Steps of one standard deviation rather than
/// derivatives: a maximum of two terms answers with the half that lies within reach.
[[nodiscard]] std::vector<Response> responses(const Calibration& calibration, const LogFigure& log_of);

/// Standard deviation of the figure's logarithm: g' C g with the responses' slopes and the posterior covariance;
/// parameters that no row identifies add their prior's variance.
[[nodiscard]] double propagated_sigma(const Calibration& calibration, std::span<const Response> responses);

}  // namespace sextant::sim
