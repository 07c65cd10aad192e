// SPDX-License-Identifier: Apache-2.0
// What the benchmarks of steps and searches evaluate.
#pragma once

#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"

namespace sextant::benchmarks {

struct Setting {
  sim::Run run;
  sim::Parameters parameters;
};

/// DeepSeek-V3's pre-training on 2,048 H800, with the shipped calibration.
[[nodiscard]] const Setting& deepseek();

}  // namespace sextant::benchmarks
