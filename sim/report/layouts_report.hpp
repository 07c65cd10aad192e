// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "sim/report/headline.hpp"
#include "sim/search/search.hpp"

namespace sextant::sim::report {

/// What is searched: the run's model, batch and stack on clusters of these sizes; every axis of the layout is free.
struct LayoutQuery {
  const Run& run;
  const Goal& goal;
  const std::optional<hardware::RentalBand>& price;
  const std::optional<hardware::EnergyFactors>& factors;
  const Calibration& calibration;
  std::vector<int> sizes;
  std::size_t top = 6;  ///< layouts of each size
  int threads = 1;
};

/// Sizes around the run's own: halves and doubles, `steps` of each, each on whole nodes.
[[nodiscard]] std::vector<int> sizes_around(const Run& run, int steps);

/// Searches one size after the other. `progress` is told the share done and what was found so far, and says whether to
/// go on. "sextant/layouts/1": table "layouts" with "id", "gpus", "days", "cost_usd", "gpu_hours", "step_time_s",
/// "mfu", "memory_headroom_gb", "layout", "recompute", "front" (nothing is both faster and cheaper), and one column for
/// each key of a run that a layout decides, by its JSON pointer ("/parallelism/tp" ...; absent: left out of the run).
[[nodiscard]] Report layouts_report(const LayoutQuery& query,
                                    const std::function<bool(double share, const Report& so_far)>& progress);

}  // namespace sextant::sim::report
