// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace sextant::sim::sweep {

/// JSON Schema of a sweep, from the reader's own declarations.
[[nodiscard]] nlohmann::ordered_json sweep_schema();

}  // namespace sextant::sim::sweep
