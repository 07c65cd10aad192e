// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/run/options.hpp"

namespace sextant::sim {

/// What the words of a run's `features` switch on.
struct FeatureReading {
  Features features;
  int node_limit = 0;                ///< of node-limited routing ("node-limited-routing-4"); 0: none
  bool mtp = false;                  ///< the words speak of multi-token prediction
  bool dualpipe = false;             ///< the words name the schedule
  std::vector<std::string> unknown;  ///< words that change nothing Sextant models
};

[[nodiscard]] FeatureReading read_features(const std::vector<std::string>& words);

/// The word Sextant itself writes for a feature.
[[nodiscard]] std::string_view word_of(Feature feature);

}  // namespace sextant::sim
