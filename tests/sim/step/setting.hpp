// SPDX-License-Identifier: Apache-2.0
// Runs and parameters as the shipped data gives them.
#pragma once

#include <string>

#include "sim/parameters/calibration.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim::test {

/// A run of models/data/runs, completed. Fails the test when it does not read.
[[nodiscard]] Run shipped_run(const std::string& id);
/// A run as a file would state it, completed.
[[nodiscard]] Run run_of(const std::string& text);
[[nodiscard]] const Calibration& calibration();

}  // namespace sextant::sim::test
