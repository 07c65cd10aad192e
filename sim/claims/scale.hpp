// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/claim.hpp"

namespace sextant::sim {

/// The same claim with a budget of `factor` times as much: hours, days, money and energy shrink together, and the rates
/// that follow from them grow, so that the claim agrees with itself as before.
[[nodiscard]] models::Claim scaled(models::Claim claim, double factor);

}  // namespace sextant::sim
