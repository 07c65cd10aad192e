// SPDX-License-Identifier: Apache-2.0
// What a run is for: `"goal": {"tokens", "deadline_days", "budget_usd", "usd_per_gpu_hour"}` of a run file. A step does
// not depend on it.
#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>
#include "base/json/cursor.hpp"

namespace sextant::sim {

struct Goal {
  std::optional<double> tokens;
  std::optional<double> deadline_days;
  std::optional<double> budget_usd;
  std::optional<double> usd_per_gpu_hour;  ///< what is paid; absent: the catalogue's prices

  bool operator==(const Goal&) const = default;
};

/// Reads the object; reports what is wrong with it.
[[nodiscard]] std::optional<Goal> read_goal(const json::Cursor& at);

/// The goal of a run object; an empty one where it states none, or a faulty one.
[[nodiscard]] Goal goal_of(const json::Node& run);

/// Its JSON Schema.
[[nodiscard]] nlohmann::ordered_json goal_schema();

}  // namespace sextant::sim
