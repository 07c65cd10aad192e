// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "sim/campaign/campaign.hpp"

namespace sextant::cli {

/// The campaign of a file, of stdin ("-") or of a catalogue id; faults go to the session.
[[nodiscard]] std::optional<sim::Campaign> load_campaign(Session& session, const std::string& file_or_id);

}  // namespace sextant::cli
