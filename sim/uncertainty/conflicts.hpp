// SPDX-License-Identifier: Apache-2.0
// Published steps of one configuration that disagree: what they differ by is in no statement of a run, so a prediction
// for it can be no surer.
#pragma once

#include <string>
#include <vector>

#include "sim/parameters/calibration.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// What two runs have in common that differ in nothing a step's time depends on but the software's release.
[[nodiscard]] std::string configuration_of(const Run& run);

/// One published step.
struct MeasuredConfiguration {
  std::string configuration;
  Seconds step;
};

/// Configurations of two steps or more that are more than a twentieth apart, in order.
[[nodiscard]] std::vector<Conflict> conflicts_among(std::vector<MeasuredConfiguration> steps);

/// The half range of the run's own configuration; 0: none that disagree.
[[nodiscard]] double half_range_of(const Run& run, const std::vector<Conflict>& conflicts);

}  // namespace sextant::sim
