// SPDX-License-Identifier: Apache-2.0
// JSON Schemas of this folder's file kinds, generated from the readers' own declarations.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace sextant::models {

[[nodiscard]] nlohmann::ordered_json model_schema();
[[nodiscard]] nlohmann::ordered_json claim_schema();
[[nodiscard]] nlohmann::ordered_json observation_schema();

}  // namespace sextant::models
