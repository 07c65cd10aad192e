// SPDX-License-Identifier: Apache-2.0
#include "hardware/lookup.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace sextant::hardware {

namespace {

struct KindRow {
  Kind kind;
  std::string_view noun;
  std::string_view plural;  ///< as `sextant list` takes it
  std::string_view folder;
};

constexpr std::array<KindRow, 5> kinds{{{Kind::gpu, "GPU", "gpus", "hardware/data/gpus/"},
                                        {Kind::node, "node", "nodes", "hardware/data/nodes/"},
                                        {Kind::fabric, "fabric", "fabrics", "hardware/data/fabrics/"},
                                        {Kind::cluster, "cluster", "clusters", "hardware/data/clusters/"},
                                        {Kind::grid, "grid", "grids", "hardware/data/grids/"}}};

const KindRow& row(Kind kind) {
  return *std::find_if(kinds.begin(), kinds.end(), [kind](const KindRow& r) { return r.kind == kind; });
}

std::string_view stem(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);
  return path.substr(0, path.rfind('.'));
}

/// Whether `word` folds to `folded`, without allocating.
bool folds_to(std::string_view word, std::string_view folded) {
  std::size_t at = 0;
  for (const char c : word) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) == 0 && c != '.') continue;
    if (at == folded.size() || std::tolower(u) != static_cast<unsigned char>(folded[at])) return false;
    ++at;
  }
  return at == folded.size();
}

/// Whether the head of a file holds a string that folds to `folded`: ids and aliases stand there. A guess that saves
/// parsing; what it misses, the slow pass finds.
bool head_mentions(std::string_view text, std::string_view folded) {
  constexpr std::size_t head_bytes = 1024;
  const std::string_view head = text.substr(0, head_bytes);
  for (std::size_t open = head.find('"'); open != std::string_view::npos;) {
    const std::size_t close = head.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (folds_to(head.substr(open + 1, close - open - 1), folded)) return true;
    open = head.find('"', close + 1);
  }
  return false;
}

bool names(const Entry& entry, std::string_view folded) {
  return folds_to(entry.id, folded) || std::any_of(entry.aliases.begin(), entry.aliases.end(),
                                                   [&](const std::string& a) { return folds_to(a, folded); });
}

std::optional<Entry> entry_of(const Catalogue& catalogue, const std::string& path, Diagnostics& faults) {
  const std::optional<json::Node> node = parse_file(catalogue, path, faults);
  if (!node) return std::nullopt;
  const json::Node* id = node->find("id");
  if (id == nullptr || id->type != json::Type::string) {
    faults.add({path, node->line, "", "the key \"id\" is missing: the catalogue's name of the file", ""});
    return std::nullopt;
  }
  Entry entry{id->string, {}, {}, path};
  if (const json::Node* name = node->find("name")) entry.name = name->string;
  if (const json::Node* aliases = node->find("aliases")) {
    for (const json::Node& alias : aliases->items) entry.aliases.push_back(alias.string);
  }
  return entry;
}

}  // namespace

std::string_view folder(Kind kind) { return row(kind).folder; }

std::optional<json::Node> parse_file(const Catalogue& catalogue, const std::string& path, Diagnostics& faults) {
  const std::optional<std::string_view> text = catalogue.text(path);
  if (!text) {
    faults.add({path, 0, "", "no such file in the catalogue", ""});
    return std::nullopt;
  }
  return json::parse(*text, path, faults);
}

std::vector<Entry> list(const Catalogue& catalogue, Kind kind, Diagnostics& faults) {
  std::vector<Entry> entries;
  for (const std::string& path : catalogue.list(folder(kind))) {
    if (std::optional<Entry> entry = entry_of(catalogue, path, faults)) entries.push_back(std::move(*entry));
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.id < b.id; });
  return entries;
}

std::optional<std::string> locate(const Catalogue& catalogue, Kind kind, std::string_view id) {
  const std::string folded = folded_id(id);
  if (folded.empty()) return std::nullopt;
  std::vector<std::string> paths = catalogue.list(folder(kind));
  for (std::string& path : paths) {
    if (folds_to(stem(path), folded)) return std::move(path);
  }
  Diagnostics unreported;  // a file that does not parse is reported when it is the one asked for
  for (std::string& path : paths) {
    if (!head_mentions(*catalogue.text(path), folded)) continue;
    const std::optional<Entry> entry = entry_of(catalogue, path, unreported);
    if (entry && names(*entry, folded)) return std::move(path);
  }
  for (Entry& entry : list(catalogue, kind, unreported)) {
    if (names(entry, folded)) return std::move(entry.path);
  }
  return std::nullopt;
}

void report_unknown(const Catalogue& catalogue, Kind kind, std::string_view id, Diagnostics& faults,
                    const Diagnostic& place, std::string hint_when_none_is_near) {
  Diagnostics unreported;
  const std::vector<Entry> entries = list(catalogue, kind, unreported);
  std::vector<std::string_view> known;
  for (const Entry& entry : entries) known.push_back(entry.id);
  for (const Entry& entry : entries) known.insert(known.end(), entry.aliases.begin(), entry.aliases.end());
  Diagnostic fault = place;
  fault.message = "unknown " + std::string(row(kind).noun) + " \"" + std::string(id.substr(0, 80)) + "\"";
  fault.hint = did_you_mean(id, known);
  if (fault.hint.empty()) fault.hint = std::move(hint_when_none_is_near);
  if (fault.hint.empty()) fault.hint = "`sextant list " + std::string(row(kind).plural) + "` shows all";
  faults.add(std::move(fault));
}

}  // namespace sextant::hardware
