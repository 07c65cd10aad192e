// SPDX-License-Identifier: Apache-2.0
// Factors between GPU-hours and kilowatt-hours.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/band.hpp"
#include "base/json/cursor.hpp"
#include "base/source.hpp"

namespace sextant::hardware {

/// A dimensionless factor that one source gives.
struct Factor {
  std::string of;  ///< operator, node type, study
  double value = 0;
  std::string note;
  Source source;
};

/// energy = GPU-hours x (rated node power / GPUs per node) x training power fraction x (1 + network share) x PUE
struct EnergyFactors {
  Band<double> training_power_fraction;  ///< of the node's rating, averaged over a run
  double network_power_share = 0;        ///< switches and optics over node power
  double node_overhead = 0;              ///< rated node power over GPU TDP where the node is not known
  double pue = 0;                        ///< where neither the grid nor the operator is known
  Source source;                         ///< of the four defaults

  std::vector<Factor> power_measurements;  ///< the rows the band rests on
  std::vector<Factor> node_overheads;
  std::vector<Factor> pues;  ///< by operator
};

[[nodiscard]] std::optional<EnergyFactors> read_energy_factors(const json::Cursor& at);

}  // namespace sextant::hardware
