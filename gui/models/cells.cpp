// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/cells.hpp"

#include <algorithm>

namespace sextant::gui {

namespace {

template <class T>
const T* value_at(const Row& row, int column) {
  return column < 0 || static_cast<std::size_t>(column) >= row.size()
             ? nullptr
             : std::get_if<T>(&row[static_cast<std::size_t>(column)]);
}

}  // namespace

const double* number_at(const Row& row, int column) { return value_at<double>(row, column); }

QString text_at(const Row& row, int column) {
  const auto* v = value_at<std::string>(row, column);
  return v == nullptr ? QString() : QString::fromStdString(*v);
}

QString formatted(double value, sim::report::Unit unit) {
  return QString::fromStdString(sim::report::format(value, unit));
}

sim::report::Table with_columns(sim::report::Table table, std::initializer_list<std::string_view> keys) {
  for (sim::report::Column& c : table.columns) {
    if (std::find(keys.begin(), keys.end(), c.key) == keys.end()) c.title.clear();
  }
  return table;
}

}  // namespace sextant::gui
