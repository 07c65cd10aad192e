// SPDX-License-Identifier: Apache-2.0
// A located JSON value as plain JSON again. Include only in loaders and writers.
#pragma once

#include <nlohmann/json.hpp>

#include "base/json/node.hpp"

namespace sextant::json {

/// Numbers without fraction are written without one.
[[nodiscard]] nlohmann::ordered_json to_json(const Node& node);

}  // namespace sextant::json
