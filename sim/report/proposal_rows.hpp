// SPDX-License-Identifier: Apache-2.0
// Proposals of a plan as figures and table rows.
#pragma once

#include <string>
#include <vector>

#include "sim/report/report.hpp"
#include "sim/search/plan.hpp"

namespace sextant::sim::report {

/// "2.52 M"
[[nodiscard]] std::string short_count(double value);

/// "tp 1, pp 4, ..., micro-batches of 1": all that a user sets.
[[nodiscard]] std::string choice_text(const Run& run);

/// The figures under "best/".
void add_best(Report& report, const search::Question& question, const search::Proposal& best);

/// One row each; programs get the run and the bands beside what people see. `limits`: says what misses the deadline or
/// the budget.
[[nodiscard]] Table proposal_table(const search::Question& question,
                                   const std::vector<const search::Proposal*>& proposals, std::string title,
                                   bool limits = false);

/// What would have to change, for programs.
[[nodiscard]] Table nearest_table(const search::Question& question, const std::vector<search::NearestChange>& nearest);

}  // namespace sextant::sim::report
