// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "cli/plan_flags.hpp"
#include "cli/session.hpp"
#include "sim/search/plan.hpp"

namespace sextant::cli {

struct PlanInput {
  sim::search::Question question;
  std::optional<sim::Run> own;  ///< the run whose layout is to be bettered, where one was named
};

/// Flags that a plan needs and does not have.
[[nodiscard]] std::vector<std::string> missing_flags(const PlanFlags& flags, bool has_run);

/// The question of a run (a file or an id; empty: none) and flags. Faults go to the session.
[[nodiscard]] std::optional<PlanInput> load_question(Session& session, const std::string& file_or_id, PlanFlags flags);

}  // namespace sextant::cli
