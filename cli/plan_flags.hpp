// SPDX-License-Identifier: Apache-2.0
// What `sextant plan` is asked, on the command line.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/run_flags.hpp"

namespace CLI {
class App;
}

namespace sextant::cli {

struct PlanFlags {
  RunFlags run;  ///< what is trained; degrees that are given are not searched
  std::optional<std::string> tokens, gpus, deadline, budget, reserve;
  std::vector<std::string> precisions;
  std::string objective = "cost";
  std::optional<double> usd_per_gpu_hour;
  int top = 10;
  int threads = 0;  ///< 0: as many as the machine has
  bool any_schedule = false;
  bool any_sharding = false;

  /// Of `gpus`, which has been checked: single sizes as pairs of equal numbers.
  [[nodiscard]] std::vector<std::pair<int, int>> sizes() const;
};

void add_plan_flags(CLI::App& app, PlanFlags& flags);

/// Moves the words that mean more than one choice ("any", several precisions) out of the run's flags.
void settle(PlanFlags& flags);

}  // namespace sextant::cli
