// SPDX-License-Identifier: Apache-2.0
// What a claim's figures hold and what they leave out.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/claim.hpp"

namespace sextant::sim {

/// What figures of a final run never hold, as published: times the run's cost. Told beside a verdict, never part of it.
struct Multiplier {
  std::string_view what;
  double low = 0;
  double high = 0;
  std::string_view source;
};

[[nodiscard]] std::span<const Multiplier> multipliers();

struct Scope {
  std::vector<std::string> covers;
  std::vector<std::string> leaves_out;
};

/// The claim's own words, then what figures of its kind never hold unless it says otherwise.
[[nodiscard]] Scope scope_of(const models::Claim& claim);

}  // namespace sextant::sim
