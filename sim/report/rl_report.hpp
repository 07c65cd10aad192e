// SPDX-License-Identifier: Apache-2.0
// Predicted reinforcement-learning steps beside published ones: sextant/rl-validation/1.
#pragma once

#include <vector>

#include "sim/campaign/rl_observation.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

[[nodiscard]] Report rl_report(const std::vector<RlRow>& rows);

}  // namespace sextant::sim::report
