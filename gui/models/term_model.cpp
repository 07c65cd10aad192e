// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/term_model.hpp"

#include <algorithm>

namespace sextant::gui {

using sim::report::Cell;
using sim::report::Table;
using sim::report::Unit;

namespace {

Cell at(const std::vector<Cell>& row, int column) {
  return column >= 0 && static_cast<std::size_t>(column) < row.size() ? row[static_cast<std::size_t>(column)] : Cell{};
}

double number(const Cell& c) {
  const double* v = std::get_if<double>(&c);
  return v == nullptr ? 0 : *v;
}

/// "+1.2 s" where the value grew.
Cell signed_text(const Cell& difference, Unit unit) {
  const double* v = std::get_if<double>(&difference);
  if (v == nullptr) return {};
  return (*v > 0 ? "+" : "") + sim::report::format(*v, unit);
}

const std::vector<Cell>* row_with(const Table& t, const Cell& key) {
  const auto* wanted = std::get_if<std::string>(&key);
  for (const auto& row : t.rows) {
    const auto* tag = row.empty() ? nullptr : std::get_if<std::string>(&row.front());
    if (tag != nullptr && wanted != nullptr && *tag == *wanted) return &row;
  }
  return nullptr;
}

}  // namespace

Table term_table(const Table& current, const Table* pinned, const TermColumns& k) {
  const int value = column_of(current, k.value);
  const Unit unit = value < 0 ? Unit::number : current.columns[static_cast<std::size_t>(value)].unit;
  Table out{.key = "terms",
            .columns = {{"tag", "", Unit::text},
                        {"title", "term", Unit::text},
                        {"value", pinned == nullptr ? "time" : "B", unit},
                        {"share", "share", Unit::share},
                        {"bar", "", Unit::share, true}},
            .main = true};
  if (unit != Unit::seconds) out.columns[2].title = pinned == nullptr ? "size" : "B";
  Table differences;
  if (pinned != nullptr) {
    out.columns.insert(out.columns.begin() + 2, {"a", "A", unit});
    out.columns.insert(out.columns.begin() + 4, {"difference", "B - A", Unit::number});
    out.columns.push_back({"better", "", Unit::count});
    differences = sim::report::difference(*pinned, current, k.tag, k.value);
  }
  std::vector<const std::vector<Cell>*> rows;
  for (const auto& row : current.rows) {
    const bool was = pinned != nullptr && row_with(differences, at(row, column_of(current, k.tag))) != nullptr &&
                     number((*row_with(differences, at(row, column_of(current, k.tag))))[2]) != 0;
    if (number(at(row, value)) != 0 || was) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const auto* a, const auto* b) { return number(at(*a, value)) > number(at(*b, value)); });
  for (const auto* row : rows) {
    const Cell tag = at(*row, column_of(current, k.tag));
    const Cell share = at(*row, column_of(current, k.share));
    std::vector<Cell> cells{tag, at(*row, column_of(current, k.title)), at(*row, value), share, share};
    if (pinned != nullptr) {
      const auto* d = row_with(differences, tag);
      cells.insert(cells.begin() + 2, d == nullptr ? Cell{} : (*d)[2]);
      cells.insert(cells.begin() + 4, d == nullptr ? Cell{} : signed_text((*d)[4], unit));
      cells.push_back(d == nullptr ? Cell{} : d->back());
    }
    out.rows.push_back(std::move(cells));
  }
  return out;
}

}  // namespace sextant::gui
