// SPDX-License-Identifier: Apache-2.0
// How many micro-batches' activations each model chunk of a pipeline rank holds at most: closed forms of the schedules.
// Orders of sim/schedule that were executed know it exactly; a search needs it before there is an order.
#pragma once

#include <vector>

#include "sim/run/run.hpp"

namespace sextant::sim {

/// By rank and chunk: [rank x chunks_per_rank + chunk]. The sum over a rank's chunks is the most it holds at one time.
[[nodiscard]] std::vector<double> in_flight(const Run& run);

}  // namespace sextant::sim
