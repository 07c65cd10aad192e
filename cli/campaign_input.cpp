// SPDX-License-Identifier: Apache-2.0
#include "cli/campaign_input.hpp"

#include <filesystem>

#include "base/json/cursor.hpp"
#include "cli/input.hpp"

namespace sextant::cli {

namespace {

std::optional<InputText> text_of(Session& session, const std::string& file_or_id) {
  if (looks_like_file(file_or_id)) return read_input(file_or_id, session.faults());
  const std::vector<std::string> ids = campaign_ids(session.catalogue());
  for (const std::string& id : ids) {
    if (folded_id(id) != folded_id(file_or_id)) continue;
    const std::string path = std::string(sim::campaign_folder) + id + ".json";
    return InputText{path, std::string(session.catalogue().text(path).value_or(""))};
  }
  const std::vector<std::string_view> views(ids.begin(), ids.end());
  const std::string hint = did_you_mean(file_or_id, views);
  session.faults().add({file_or_id, 0, "", "no such file, and no campaign of the catalogue",
                        hint.empty() ? "sextant list campaigns shows what there is" : hint});
  return std::nullopt;
}

}  // namespace

std::vector<std::string> campaign_ids(const Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const std::string& path : catalogue.list(sim::campaign_folder)) {
    ids.push_back(std::filesystem::path(path).stem().string());
  }
  return ids;
}

std::optional<sim::Campaign> load_campaign(Session& session, const std::string& file_or_id) {
  const auto text = text_of(session, file_or_id);
  if (!text) return std::nullopt;
  const auto node = json::parse(text->text, text->file, session.faults());
  if (!node) return std::nullopt;
  return sim::read_campaign(json::Cursor(*node, text->file, session.faults()), session.catalogue());
}

}  // namespace sextant::cli
