// SPDX-License-Identifier: Apache-2.0
#include "cli/entry_text.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace sextant::cli {

std::vector<std::string> entry_ids(const Catalogue& catalogue, const EntryFolder& folder) {
  std::vector<std::string> ids;
  for (const std::string& path : catalogue.list(folder.folder)) {
    ids.push_back(std::filesystem::path(path).stem().string());
  }
  return ids;
}

std::optional<InputText> entry_text(Session& session, const std::string& file_or_id, const EntryFolder& folder) {
  if (looks_like_file(file_or_id)) return read_input(file_or_id, session.faults());
  const std::vector<std::string> ids = entry_ids(session.catalogue(), folder);
  for (const std::string& id : ids) {
    if (folded_id(id) != folded_id(file_or_id)) continue;
    const std::string path = std::string(folder.folder) + id + ".json";
    return InputText{path, std::string(session.catalogue().text(path).value_or(""))};
  }
  std::string hint = did_you_mean(file_or_id, std::vector<std::string_view>(ids.begin(), ids.end()));
  if (hint.empty()) hint = fmt::format("sextant list {} shows what there is", folder.plural);
  session.faults().add(
      {file_or_id, 0, "", fmt::format("no such file, and no {} of the catalogue", folder.singular), std::move(hint)});
  return std::nullopt;
}

}  // namespace sextant::cli
