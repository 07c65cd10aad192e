// SPDX-License-Identifier: Apache-2.0
// The layouts a competent team might have used where a claim does not say: a small space for sim/search to go through,
// of which the best tenth is kept.
#pragma once

#include <optional>
#include <vector>

#include "models/claim.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// Degrees that are given; the others are searched.
struct LayoutFreedom {
  std::optional<int> tp, pp, vp, cp, ep, etp, dp;
  std::optional<Sharding> sharding;
  std::optional<Schedule> schedule;
  bool must_fit = true;  ///< false: a published layout was run, so it fits whatever Sextant counts
};

/// The layout a claim states; words that name no known sharding or schedule leave it open.
[[nodiscard]] LayoutFreedom stated_layout(const models::ClaimParallelism& stated);

/// One layout and its step time.
struct Layout {
  Run run;
  Seconds step;
  bool fits = true;  ///< in memory
};

struct LayoutSearch {
  std::vector<Layout> kept;  ///< the best tenth, fastest first
  int considered = 0;        ///< whole layouts that were evaluated
};

/// Layouts of `base` (its model, cluster, stack, precision and batch) that are whole and fit in memory; those of a
/// claim that states its layout need not fit by Sextant's count, when none does.
[[nodiscard]] LayoutSearch search_layouts(const Run& base, const LayoutFreedom& freedom, const Parameters& parameters);

}  // namespace sextant::sim
