// SPDX-License-Identifier: Apache-2.0
#include "cli/kinds/common.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sextant::cli {

namespace {

/// The number of a source in the list, from 1; added where it is new.
std::size_t reference(std::vector<std::string>& cited, const std::string& source) {
  const auto found = std::find(cited.begin(), cited.end(), source);
  const auto index = static_cast<std::size_t>(found - cited.begin());
  if (found == cited.end()) cited.push_back(source);
  return index + 1;
}

}  // namespace

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

void add_sourced_values(Report& report, const std::string& data, const std::map<std::string, Source>& sources) {
  Table table{.title = "Figures and their sources",
              .columns = {{"", "key", Unit::text},
                          {"", "value", Unit::text},
                          {"", "trust", Unit::text},
                          {"", "source", Unit::text}},
              .audience = sim::report::Audience::people};
  List cited{.title = "Sources", .audience = sim::report::Audience::people};
  const auto object = nlohmann::ordered_json::parse(data);
  for (const auto& [key, value] : object.items()) {
    if (!value.is_number()) continue;
    auto found = sources.find(key);
    if (found == sources.end()) found = sources.find("");
    const double v = value.get<double>();
    std::vector<Cell> row{key, v >= 1e6 ? fmt::format("{:.6g}", v) : fmt::format("{}", v)};
    if (found != sources.end()) {
      row.emplace_back(trust_text(found->second.trust));
      row.emplace_back(fmt::format("[{}]", reference(cited.points, source_text(found->second))));
    }
    table.rows.push_back(std::move(row));
  }
  for (std::size_t i = 0; i < cited.points.size(); ++i)
    cited.points[i] = fmt::format("[{}] {}", i + 1, cited.points[i]);
  report.add(std::move(table)).add(std::move(cited));
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : ", ") + w;
  return out;
}

}  // namespace sextant::cli
