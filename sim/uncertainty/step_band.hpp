// SPDX-License-Identifier: Apache-2.0
// How far a measured step may lie from the estimate: what the calibration leaves open of its parameters, and the
// model's own error by regime, learned from rows left out of the fit.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/band.hpp"
#include "base/quantity.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/run/run.hpp"
#include "sim/step/step.hpp"
#include "sim/uncertainty/propagation.hpp"

namespace sextant::sim {

/// Half width of a Gaussian's 80 % band, in standard deviations.
inline constexpr double half_width_of_sigma = 1.2816;

/// One reason for uncertainty. Half widths are of the logarithm's 80 % band and combine as root of the sum of squares.
struct Regime {
  std::string_view tag;
  double half_width = 0;  ///< where the calibration has learned none
  std::string_view why;
  std::string_view source;
  bool learned = true;  ///< rows left out of the fit can tell its width
};

[[nodiscard]] std::span<const Regime> regimes();

/// A regime that applies to a run.
struct Widening {
  const Regime* regime = nullptr;
  double half_width = 0;  ///< the regime's, times the amount
  double amount = 1;      ///< how much of it applies: doublings, standard deviations, a share
};

struct StepUncertainty {
  double half_width = 0;  ///< of the logarithm of the step time, 80 % band
  std::vector<Widening> parts;
  std::vector<Response> responses;  ///< of the step to the calibrated parameters: worked out once, for all who ask

  /// Whether the regime of that tag applies, by at least half where its amount is a share.
  [[nodiscard]] bool in(std::string_view tag) const;
  /// What decides most of the width, e.g. "dense, new stack": kind, then the first of new hardware, new stack,
  /// host-bound and few rows.
  [[nodiscard]] std::string name() const;

  /// One line a part, e.g. "+-9 %: dense model, stack among the calibration's rows".
  [[nodiscard]] std::vector<std::string> why() const;
};

[[nodiscard]] StepUncertainty step_uncertainty(const Run& run, const StepEstimate& estimate,
                                               const Calibration& calibration);

/// The 80 % band.
[[nodiscard]] Band<Seconds> step_band(const Run& run, const StepEstimate& estimate, const Calibration& calibration);

/// The band that holds 95 % of measurements; errors have heavier tails than a Gaussian's.
[[nodiscard]] Band<Seconds> step_band_95(const Run& run, const StepEstimate& estimate, const Calibration& calibration);

/// Half width of the 95 % band over that of the 80 % band.
inline constexpr double tail_ratio = 2.776 / 1.533;  // Student's t with 4 degrees of freedom

/// The band around `mid` whose logarithm reaches `half_width` to either side.
[[nodiscard]] Band<Seconds> band_around(Seconds mid, double half_width);

}  // namespace sextant::sim
