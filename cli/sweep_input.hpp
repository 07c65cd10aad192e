// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "cli/session.hpp"
#include "sim/sweep/points.hpp"

namespace sextant::cli {

/// The sweep of a file, of stdin ("-") or of a catalogue id, with the run it changes; faults go to the session.
[[nodiscard]] std::optional<sim::sweep::Setting> load_sweep(Session& session, const std::string& file_or_id);

}  // namespace sextant::cli
