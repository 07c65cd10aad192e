// SPDX-License-Identifier: Apache-2.0
// The points of a sweep over the ranks: rank 0 hands out chunks, works itself, and writes the lines in order.
#pragma once

#include <string>

#include "cli/ranks.hpp"
#include "cli/sweep_output.hpp"
#include "cli/terminal.hpp"
#include "sim/sweep/points.hpp"

namespace sextant::cli {

/// Rank 0's part. Counts what is in the output at the end; false and a reason where it cannot be written.
[[nodiscard]] bool lead_sweep(const sim::sweep::Setting& setting, const sim::sweep::Evaluation& how, Ranks& ranks,
                              SweepOutput& output, Progress& progress, OutcomeCounts& counts, std::string& reason);

/// The other ranks' part: work until there is none.
void follow_sweep(const sim::sweep::Setting& setting, const sim::sweep::Evaluation& how, Ranks& ranks);

/// Waits for every other rank's first word, its sweep's id. Where one has another, or `go` is false, all are sent home;
/// says what was wrong in `reason`.
[[nodiscard]] bool greet_ranks(Ranks& ranks, const std::string& id, bool go, std::string& reason);

}  // namespace sextant::cli
