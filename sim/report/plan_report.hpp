// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "sim/report/display_units.hpp"
#include "sim/report/report.hpp"
#include "sim/search/plan.hpp"

namespace sextant::sim::report {

/// What the report shows beside the plan.
struct PlanContext {
  double seconds = 0;                   ///< the search took
  std::optional<search::Proposal> own;  ///< the layout of the run that was asked about
  DisplayUnits units{};                 ///< of sentences
};

/// "sextant/plan/1"
[[nodiscard]] Report plan_report(const search::Question& question, const search::Plan& plan,
                                 const PlanContext& context);

}  // namespace sextant::sim::report
