// SPDX-License-Identifier: Apache-2.0
// Published measurements of training steps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "base/json/node.hpp"
#include "base/source.hpp"

namespace sextant::models {

inline constexpr std::string_view observation_folder = "models/data/observations/";

/// One measured run. `run` stays as written; the simulator's run reader checks it.
struct Observation {
  std::string id;
  json::Node run;
  double step_time_s = 0;
  double tokens_per_s_per_gpu = 0;  ///< 0: the row states only the step time
  std::optional<double> memory_gb;  ///< of the fullest GPU
  Source source;
  std::string publisher;  ///< who measured, with the release of the software
  std::string suspect;    ///< why the row is doubtful; "": it is not
  int line = 0;
  std::string file;
};

/// Reads a file that holds one observation or an array of them. Faulty rows are reported and left out.
[[nodiscard]] std::vector<Observation> read_observations(std::string_view text, const std::string& file,
                                                         Diagnostics& faults);

/// All observations of the catalogue, file by file.
[[nodiscard]] std::vector<Observation> list_observations(const Catalogue& catalogue, Diagnostics& faults);

}  // namespace sextant::models
