// SPDX-License-Identifier: Apache-2.0
// What a claim's figures hold and what they leave out.
#pragma once

#include <string>
#include <vector>

#include "models/claim.hpp"

namespace sextant::sim {

struct Scope {
  std::vector<std::string> covers;
  std::vector<std::string> leaves_out;
};

/// The claim's own words, then what figures of its kind never hold unless it says otherwise.
[[nodiscard]] Scope scope_of(const models::Claim& claim);

}  // namespace sextant::sim
