// SPDX-License-Identifier: Apache-2.0
// A published or given budget held against physics, its own arithmetic and the simulator.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/band.hpp"
#include "hardware/prices.hpp"
#include "models/claim.hpp"
#include "sim/claims/campaign.hpp"
#include "sim/claims/figures.hpp"
#include "sim/claims/nearest.hpp"
#include "sim/claims/scope.hpp"
#include "sim/claims/verdict.hpp"

namespace sextant::sim {

struct Reason {
  enum class Kind : std::uint8_t { physics, simulation, arithmetic, scope };

  Kind kind = Kind::physics;
  std::string text;
};

[[nodiscard]] std::string_view name_of(Reason::Kind kind);

/// The same training on other GPUs, as many of them.
struct ElsewhereCost {
  std::string gpu;
  std::optional<Band<double>> gpu_hours;         ///< 95 %
  std::optional<Band<double>> usd_per_gpu_hour;  ///< 80 %
  std::optional<Band<double>> cost_usd;
  std::string basis;  ///< of the prices
};

/// What the claimed hours would mean.
struct Implied {
  double mfu = 0;  ///< causal attention, no recompute, of the dense 16-bit peak; 0: cannot be said
  double tokens_per_s_per_gpu = 0;
  double step_time_s = 0;
};

struct Check {
  std::string id;
  std::string publisher;
  std::string what;  ///< "deepseek-v3 on 2,048 x H800-SXM-80GB, total"
  Source source;
  Verdict verdict = Verdict::undetermined;
  std::optional<ClaimedHours> claimed;
  double floor_hours = 0;
  SimulatedClaim simulated;
  std::optional<double> claimed_cost_usd;
  std::optional<Band<double>> cost_usd;
  std::string price_basis;
  Implied implied;
  std::vector<Reason> reasons;
  std::vector<std::string> missing;
  Scope scope;
  std::vector<Neighbour> nearest;
  std::vector<ElsewhereCost> elsewhere;
};

struct CheckOptions {
  std::vector<std::string> elsewhere{"H100-SXM-80GB", "A100-SXM-80GB"};
  std::size_t neighbours = 4;
  DisplayUnits units{};  ///< of the sentences
};

[[nodiscard]] Check check(const models::Claim& claim, const SimulationInputs& inputs, const hardware::Prices& prices,
                          const CheckOptions& options = {});

}  // namespace sextant::sim
