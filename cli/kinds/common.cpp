// SPDX-License-Identifier: Apache-2.0
#include "cli/kinds/common.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace sextant::cli {

Report list_report(std::string kind, std::vector<Column> columns, std::vector<std::vector<Cell>> rows) {
  Report r;
  r.format = "sextant/list/1";
  r.add(Fact{.key = "kind", .value = std::move(kind)});
  r.add(Table{.key = "rows", .columns = std::move(columns), .rows = std::move(rows), .main = true});
  return r;
}

std::optional<Document> read_document(Session& session, const std::string& path) {
  const auto text = read_input(path, session.faults());
  if (!text) return std::nullopt;
  auto node = json::parse(text->text, text->file, session.faults());
  if (!node) return std::nullopt;
  return Document{text->file, std::move(*node)};
}

std::string trust_text(Trust trust) {
  for (const auto& [name, value] : trust_names) {
    if (value == trust) return std::string(name);
  }
  return {};
}

std::string source_text(const Source& s) {
  std::string out = s.title;
  if (!s.where.empty()) out += ", " + s.where;
  if (!s.date.empty()) out += ", " + s.date;
  return out;
}

Table sourced_values(const std::string& data, const std::map<std::string, Source>& sources) {
  const auto object = nlohmann::ordered_json::parse(data);
  Table table{.title = "Figures and their sources",
              .columns = {{"", "key", Unit::text},
                          {"", "value", Unit::text},
                          {"", "trust", Unit::text},
                          {"", "source", Unit::text}},
              .audience = sim::report::Audience::people};
  for (const auto& [key, value] : object.items()) {
    if (!value.is_number()) continue;
    auto found = sources.find(key);
    if (found == sources.end()) found = sources.find("");
    const bool known = found != sources.end();
    const double v = value.get<double>();
    table.rows.push_back({key, v >= 1e6 ? fmt::format("{:.6g}", v) : value.dump(),
                          known ? trust_text(found->second.trust) : "", known ? source_text(found->second) : ""});
  }
  return table;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ", ") + w;
  return out;
}

}  // namespace sextant::cli
