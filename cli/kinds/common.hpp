// SPDX-License-Identifier: Apache-2.0
// Internal: what the kinds share.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json/cursor.hpp"
#include "base/source.hpp"
#include "cli/input.hpp"
#include "cli/kinds/rows.hpp"

namespace sextant::cli {

using sim::report::Cell;
using sim::report::Column;
using sim::report::Fact;
using sim::report::Figure;
using sim::report::Flag;
using sim::report::Heading;
using sim::report::List;
using sim::report::Table;
using sim::report::Unit;

/// "sextant/list/1": `kind` and one main table under "rows".
[[nodiscard]] Report list_report(std::string kind, std::vector<Column> columns, std::vector<std::vector<Cell>> rows);

/// A parsed file with the name faults carry.
struct Document {
  std::string file;
  json::Node node;
};

[[nodiscard]] std::optional<Document> read_document(Session& session, const std::string& path);

/// The trust as files write it.
[[nodiscard]] std::string trust_text(Trust trust);
[[nodiscard]] std::string source_text(const Source& source);

/// Every number of a data file with the source it rests on. `data` is the file's JSON text.
void add_sourced_values(Report& report, const std::string& data, const std::map<std::string, Source>& sources);

/// Words of a list joined by ", ".
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

}  // namespace sextant::cli
