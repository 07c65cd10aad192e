// SPDX-License-Identifier: Apache-2.0
#include "cli/campaign_input.hpp"

#include "base/json/cursor.hpp"
#include "cli/entry_text.hpp"

namespace sextant::cli {

std::optional<sim::Campaign> load_campaign(Session& session, const std::string& file_or_id) {
  const auto text = entry_text(session, file_or_id, campaign_entries);
  if (!text) return std::nullopt;
  const auto node = json::parse(text->text, text->file, session.faults());
  if (!node) return std::nullopt;
  return sim::read_campaign(json::Cursor(*node, text->file, session.faults()), session.catalogue());
}

}  // namespace sextant::cli
