// SPDX-License-Identifier: Apache-2.0
// When nothing answers the question: why not, and the nearest question that has an answer.
#pragma once

#include "sim/search/plan.hpp"

namespace sextant::sim::search {

/// Fills `obstacles` and `nearest`. `layouts`: what fits in memory, whatever the deadline and the budget.
void explain(const Question& question, const std::vector<Proposal>& layouts, const Calibration& calibration,
             const PlanOptions& options, Plan& plan);

}  // namespace sextant::sim::search
