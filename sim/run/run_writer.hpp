// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/run/run.hpp"

namespace sextant::sim {

/// A run as files state it, nothing left open: read and completed again it is the same run. `model`: the JSON of the
/// "model" key, because a run does not know what it was read from; `features`: the words it was stated with.
[[nodiscard]] std::string run_json(const Run& run, const std::string& model, const std::vector<std::string>& features);

}  // namespace sextant::sim
