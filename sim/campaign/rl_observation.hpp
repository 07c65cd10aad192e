// SPDX-License-Identifier: Apache-2.0
// Published reinforcement-learning steps, to hold the model against. None is fitted row by row.
#pragma once

#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "base/source.hpp"
#include "sim/campaign/rl_step.hpp"

namespace sextant::sim {

inline constexpr std::string_view rl_observation_folder = "models/data/rl/";

struct RlObservation {
  std::string id;
  Run run;  ///< of training, on the GPUs that train
  RlWork rl;
  double step_time_s = 0;
  Source source;
  std::vector<std::string> notes;
};

struct RlRow {
  RlObservation observation;
  RlStep predicted;

  [[nodiscard]] double error() const { return predicted.total.value() / observation.step_time_s - 1; }
  [[nodiscard]] bool inside() const;  ///< the 80 % band
};

/// All rows of the catalogue, or those of one file's text.
[[nodiscard]] std::vector<RlObservation> list_rl_observations(const Catalogue& catalogue, Diagnostics& faults);
[[nodiscard]] std::vector<RlObservation> read_rl_observations(std::string_view text, const std::string& file,
                                                              const Catalogue& catalogue, Diagnostics& faults);

[[nodiscard]] std::vector<RlRow> predict_rl(std::vector<RlObservation> rows, const Calibration& calibration);

}  // namespace sextant::sim
