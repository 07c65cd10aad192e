// SPDX-License-Identifier: Apache-2.0
#include "sim/run/goal.hpp"

#include "base/json/shape.hpp"

namespace sextant::json {

template <>
struct ShapeOf<sim::Goal> {
  static const Shape<sim::Goal>& get() {
    using G = sim::Goal;
    static const Shape<G> shape =
        Shape<G>("goal")
            .optional("tokens", &G::tokens, "tokens to train on", between(1, 1e16))
            .optional("deadline_days", &G::deadline_days, "days the run may take", between(0.001, 36525))
            .optional("budget_usd", &G::budget_usd, "US dollars the run may cost", between(0, 1e15))
            .optional("usd_per_gpu_hour", &G::usd_per_gpu_hour, "what a GPU-hour costs", between(0, 1e6));
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim {

std::optional<Goal> read_goal(const json::Cursor& at) {
  Goal goal;
  if (!json::Value<Goal>::read(at, {}, goal)) return std::nullopt;
  return goal;
}

Goal goal_of(const json::Node& run) {
  const json::Node* node = run.find("goal");
  if (node == nullptr) return {};
  Diagnostics ignored;
  const std::string nowhere;
  return read_goal(json::Cursor(*node, nowhere, ignored)).value_or(Goal{});
}

nlohmann::ordered_json goal_schema() { return json::Value<Goal>::describe({}); }

}  // namespace sextant::sim
