// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <cmath>

#include "sim/report/exporters.hpp"
#include "sim/report/text_layout.hpp"

namespace sextant::sim::report {

namespace {

/// RFC 4180: fields with a comma, quote or line break are quoted, quotes doubled.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::string number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

struct CellField {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(bool v) const { return v ? "true" : "false"; }
  std::string operator()(double v) const { return number(v); }
  std::string operator()(const std::string& v) const { return field(v); }
  std::string operator()(const std::vector<std::string>& v) const { return field(cell_text(v, {})); }
  std::string operator()(const Embedded& v) const { return field(v.text); }
};

std::string table_csv(const Table& table) {
  std::string out;
  for (const Column& c : table.columns) {
    if (!c.key.empty()) out += (out.empty() ? "" : ",") + field(c.key);
  }
  out += "\r\n";
  for (const std::vector<Cell>& row : table.rows) {
    std::string line;
    bool first = true;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].key.empty()) continue;
      if (!first) line += ',';
      first = false;
      if (i < row.size()) line += std::visit(CellField{}, row[i]);
    }
    out += line + "\r\n";
  }
  return out;
}

/// Reports without a main table: one row a figure, terms and the like as key/tag.
class FigureRows {
 public:
  void operator()(const Figure& f) {
    if (f.key.empty() || f.audience == Audience::people) return;
    out_ += fmt::format("{},{},{},{},{}\r\n", field(f.key), number(f.value), f.band ? number(f.band->low) : "",
                        f.band ? number(f.band->high) : "", symbol(f.unit));
  }
  void operator()(const Fact& f) { word(f.key, f.value, f.audience); }
  void operator()(const Flag& f) { word(f.key, f.value ? "true" : "false", f.audience); }
  /// Tables whose rows are a name and a number.
  void operator()(const Table& t) {
    if (t.key.empty() || t.audience == Audience::people) return;
    for (const std::vector<Cell>& row : t.rows) {
      if (row.size() < 2 || !std::holds_alternative<std::string>(row[0])) continue;
      const double* value = std::get_if<double>(&row[1]);
      if (value == nullptr) continue;
      out_ += fmt::format("{},{},,,{}\r\n", field(t.key + ":" + std::get<std::string>(row[0])), number(*value),
                          symbol(t.columns[1].unit));
    }
  }
  void operator()(const Document&) {}
  void operator()(const List&) {}
  void operator()(const Heading&) {}
  void operator()(const Chart&) {}
  void operator()(const Verdict&) {}

  [[nodiscard]] const std::string& text() const { return out_; }

 private:
  void word(const std::string& key, const std::string& value, Audience audience) {
    if (!key.empty() && audience != Audience::people) out_ += field(key) + "," + field(value) + ",,,\r\n";
  }
  std::string out_ = "key,value,low,high,unit\r\n";
};

}  // namespace

std::string to_csv(const Report& report, const TextStyle&) {
  for (const Item& item : report.items) {
    const Table* t = std::get_if<Table>(&item);
    if (t != nullptr && t->main) return table_csv(*t);
  }
  FigureRows rows;
  for (const Item& item : report.items) std::visit(rows, item);
  return rows.text();
}

}  // namespace sextant::sim::report
