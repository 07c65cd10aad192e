// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/report/exporters.hpp"

namespace sextant::sim::report {

namespace {

using Json = nlohmann::ordered_json;

/// A level of a key as it is: "~1" stands for '/' and "~0" for '~', as in JSON pointers.
std::string unescaped(std::string_view level) {
  std::string out;
  for (std::size_t i = 0; i < level.size(); ++i) {
    const bool escape = level[i] == '~' && i + 1 < level.size() && (level[i + 1] == '0' || level[i + 1] == '1');
    out += !escape ? level[i] : level[++i] == '0' ? '~' : '/';
  }
  return out;
}

/// The place of a key whose levels are joined by '/'.
Json& place(Json& root, std::string_view key) {
  Json* at = &root;
  while (true) {
    const std::size_t slash = key.find('/');
    at = &(*at)[unescaped(key.substr(0, slash))];
    if (slash == std::string_view::npos) return *at;
    key.remove_prefix(slash + 1);
  }
}

/// JSON has neither NaN nor infinity; such a number is null.
Json number(double value, Unit unit) {
  if (!std::isfinite(value)) return nullptr;
  const bool whole = unit == Unit::count || unit == Unit::parameters || unit == Unit::tokens;
  if (whole && std::abs(value) < 9007199254740992.0 && std::round(value) == value) {
    return static_cast<long long>(value);
  }
  return value;
}

struct CellWriter {
  Unit unit;
  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(bool v) const { return v; }
  Json operator()(double v) const { return number(v, unit); }
  Json operator()(const std::string& v) const { return v; }
  Json operator()(const std::vector<std::string>& v) const { return v; }
  Json operator()(const Embedded& v) const { return Json::parse(v.text); }
};

class Writer {
 public:
  explicit Writer(const std::string& format) { root_["format"] = format; }

  void operator()(const Figure& f) {
    if (skipped(f.audience, f.key)) return;
    place(root_, f.key) = number(f.value, f.unit);
    if (f.band && !f.band_key.empty()) {
      place(root_, f.band_key) = Json::array({number(f.band->low, f.unit), number(f.band->high, f.unit)});
    }
  }
  void operator()(const Fact& f) {
    if (!skipped(f.audience, f.key)) place(root_, f.key) = f.value;
  }
  void operator()(const Flag& f) {
    if (!skipped(f.audience, f.key)) place(root_, f.key) = f.value;
  }
  void operator()(const List& l) {
    if (!skipped(l.audience, l.key)) place(root_, l.key) = l.points;
  }
  void operator()(const Table& t) {
    if (skipped(t.audience, t.key)) return;
    Json rows = Json::array();
    for (const std::vector<Cell>& cells : t.rows) rows.push_back(row(t, cells));
    place(root_, t.key) = std::move(rows);
  }
  void operator()(const Document& d) { place(root_, d.key) = Json::parse(d.value.text); }
  void operator()(const Heading&) {}
  void operator()(const Chart&) {}
  void operator()(const Verdict&) {}

  [[nodiscard]] std::string text() const { return root_.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

 private:
  static bool skipped(Audience a, const std::string& key) { return a == Audience::people || key.empty(); }

  static Json row(const Table& t, const std::vector<Cell>& cells) {
    Json object = Json::object();
    for (std::size_t i = 0; i < cells.size() && i < t.columns.size(); ++i) {
      const Column& c = t.columns[i];
      if (c.key.empty() || std::holds_alternative<std::monostate>(cells[i])) continue;
      place(object, c.key) = std::visit(CellWriter{c.unit}, cells[i]);
    }
    return object;
  }

  Json root_;
};

}  // namespace

std::string to_json(const Report& report, const TextStyle&) {
  Writer writer(report.format);
  for (const Item& item : report.items) std::visit(writer, item);
  return writer.text();
}

}  // namespace sextant::sim::report
