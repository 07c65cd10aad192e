// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace sextant::sim {

/// JSON Schema of a campaign, from the reader's own declarations.
[[nodiscard]] nlohmann::ordered_json campaign_schema();

}  // namespace sextant::sim
