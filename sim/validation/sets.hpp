// SPDX-License-Identifier: Apache-2.0
// The observation files that ship with Sextant, and which of them the calibration may learn from.
#pragma once

#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "models/observation.hpp"

namespace sextant::sim {

struct ObservationSet {
  std::string path;   ///< in the catalogue
  std::string name;   ///< "fit", "fit-a100-small", "check", "blackwell"
  std::string title;  ///< for people
  bool fitted = false;
};

/// The catalogue's observation files: those that are fitted first. A file the table does not know (a user's, laid over
/// the catalogue) is never fitted.
[[nodiscard]] std::vector<ObservationSet> observation_sets(const Catalogue& catalogue);

/// The rows of a set; faulty ones are reported.
[[nodiscard]] std::vector<models::Observation> load(const Catalogue& catalogue, const ObservationSet& set,
                                                    Diagnostics& faults);

/// The rows of all fitted sets.
[[nodiscard]] std::vector<models::Observation> fitted_observations(const Catalogue& catalogue, Diagnostics& faults);

}  // namespace sextant::sim
