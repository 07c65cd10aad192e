// SPDX-License-Identifier: Apache-2.0
// Which inputs move a step: calibrated parameters by one posterior standard deviation, assumed inputs over their stated
// range, and the model's own error.
#pragma once

#include <string>
#include <vector>

#include "base/source.hpp"
#include "sim/uncertainty/step_band.hpp"

namespace sextant::sim {

/// One input and the step times at the ends of its range, the others staying where they are.
struct TornadoBar {
  std::string input;  ///< tag of a parameter or a regime, or what is assumed
  std::string range;  ///< e.g. "0.918 +- 1.7 %"
  Trust grade = Trust::assumed;
  Seconds low;  ///< the shorter step of the two
  Seconds high;
  std::string why;
  std::string source;

  [[nodiscard]] double span() const { return high / low; }
};

/// Widest bar first; bars narrower than a thousandth of the step are left out.
[[nodiscard]] std::vector<TornadoBar> tornado(const Run& run, const StepEstimate& estimate,
                                              const StepUncertainty& uncertainty, const Calibration& calibration);
[[nodiscard]] std::vector<TornadoBar> tornado(const Run& run, const StepEstimate& estimate,
                                              const Calibration& calibration);

/// What a calibrated value rests on: measured rows where they decide it, else what its prior rests on.
[[nodiscard]] Trust grade_of(const Calibration& calibration, const ParameterInfo& info);

}  // namespace sextant::sim
