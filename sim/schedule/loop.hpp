// SPDX-License-Identifier: Apache-2.0
// Internal: finding the part of an order that can run as a loop.
#pragma once

#include <optional>
#include <vector>

#include "sim/schedule/dependencies.hpp"

namespace sextant::sim::schedule {

/// Where the loop's first time begins in each device's list, and how many items it takes there. All items before
/// `begin` can run without any after it, and so can all before `begin + length`.
struct Loop {
  std::vector<int> begin;
  std::vector<int> length;
};

/// Nothing when the order has no repeating middle, or one too short to hold the loop and a cool-down behind it.
[[nodiscard]] std::optional<Loop> find_loop(const Order& order, const Dependencies& dependencies);

}  // namespace sextant::sim::schedule
