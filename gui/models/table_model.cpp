// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/table_model.hpp"

#include "sim/report/difference.hpp"
#include "sim/report/exporters.hpp"

namespace sextant::gui {

using sim::report::Cell;
using sim::report::Column;
using sim::report::Unit;

namespace {

struct CellText {
  Unit unit;
  QString operator()(std::monostate) const { return QStringLiteral("–"); }
  QString operator()(bool v) const { return v ? QStringLiteral("yes") : QStringLiteral("no"); }
  QString operator()(double v) const { return QString::fromStdString(sim::report::format(v, unit)); }
  QString operator()(const std::string& v) const { return QString::fromStdString(v); }
  QString operator()(const std::vector<std::string>& v) const {
    QStringList list;
    for (const std::string& s : v) list.push_back(QString::fromStdString(s));
    return list.join(QStringLiteral("; "));
  }
  QString operator()(const sim::report::Embedded&) const { return {}; }
};

/// A difference says which way it goes.
QString shown_text(const Cell& cell, const Column& c) {
  const auto* v = std::get_if<double>(&cell);
  const bool more = v != nullptr && *v > 0 && c.key.starts_with("difference");
  return (more && c.unit != Unit::change ? QStringLiteral("+") : QString()) + cell_text(cell, c.unit);
}

struct SortValue {
  QVariant operator()(std::monostate) const { return {}; }
  QVariant operator()(bool v) const { return v; }
  QVariant operator()(double v) const { return v; }
  QVariant operator()(const std::string& v) const { return QString::fromStdString(v); }
  QVariant operator()(const std::vector<std::string>& v) const { return CellText{Unit::text}(v); }
  QVariant operator()(const sim::report::Embedded&) const { return {}; }
};

}  // namespace

QString cell_text(const Cell& cell, Unit unit) { return std::visit(CellText{unit}, cell); }

void TableModel::set_table(sim::report::Table table) {
  beginResetModel();
  table_ = std::move(table);
  shown_.clear();
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    const Column& c = table_.columns[i];
    if (!c.title.empty() || c.bar) shown_.push_back(static_cast<int>(i));
  }
  endResetModel();
}

void TableModel::set_verdict_column(int column, const QStringList& good, const QStringList& bad) {
  verdict_column_ = column;
  good_ = good;
  bad_ = bad;
}

int TableModel::shown_column(const std::string& key) const {
  const int wanted = column_of(table_, key);
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    if (shown_[i] == wanted) return static_cast<int>(i);
  }
  return -1;
}

QString TableModel::row_key(int row) const {
  if (row < 0 || static_cast<std::size_t>(row) >= table_.rows.size()) return {};
  for (const Cell& c : table_.rows[static_cast<std::size_t>(row)]) {
    if (const auto* text = std::get_if<std::string>(&c)) return QString::fromStdString(*text);
  }
  return {};
}

int TableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.rows.size());
}

int TableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

const Cell* TableModel::cell(int row, int shown) const {
  const auto& cells = table_.rows[static_cast<std::size_t>(row)];
  const auto at = static_cast<std::size_t>(shown_[static_cast<std::size_t>(shown)]);
  return at < cells.size() ? &cells[at] : nullptr;
}

int TableModel::verdict(int row, int shown) const {
  const Column& c = column(shown);
  if (shown == verdict_column_) {
    const QString word = cell_text(*cell(row, shown), c.unit);
    return good_.contains(word) ? 1 : bad_.contains(word) ? -1 : 0;
  }
  int from = column_of(table_, "better/" + c.key);
  if (from < 0 && (c.key == "difference" || c.key == "change")) from = column_of(table_, "better");
  if (from < 0) return 0;
  const auto& cells = table_.rows[static_cast<std::size_t>(row)];
  const auto at = static_cast<std::size_t>(from);
  const double* better = at < cells.size() ? std::get_if<double>(&cells[at]) : nullptr;
  return better == nullptr ? 0 : static_cast<int>(*better);
}

/// What names a row stands at the left, numbers elsewhere at the right.
QVariant TableModel::alignment(int shown) const {
  const bool left = shown == 0 || column(shown).unit == Unit::text;
  return QVariant(left ? Qt::AlignLeft | Qt::AlignVCenter : Qt::AlignRight | Qt::AlignVCenter);
}

QVariant TableModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Column& c = column(index.column());
  const Cell* value = cell(index.row(), index.column());
  if (role == key_role) return row_key(index.row());
  if (role == Qt::TextAlignmentRole) return alignment(index.column());
  if (value == nullptr) return {};
  switch (role) {
    case Qt::DisplayRole: return c.bar ? QVariant() : QVariant(shown_text(*value, c));
    case Qt::ToolTipRole: return shown_text(*value, c);
    case sort_role: return std::visit(SortValue{}, *value);
    case share_role: return c.bar ? std::visit(SortValue{}, *value) : QVariant();
    case verdict_role: return verdict(index.row(), index.column());
    default: return {};
  }
}

QVariant TableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const Column& c = column(section);
  if (role == Qt::DisplayRole) return c.title == " " ? QString() : QString::fromStdString(c.title);
  if (role == Qt::TextAlignmentRole) return alignment(section);
  return {};
}

QString to_csv(const sim::report::Table& table) {
  sim::report::Report r;
  sim::report::Table copy = table;
  copy.main = true;
  copy.audience = sim::report::Audience::all;
  r.add(std::move(copy));
  return QString::fromStdString(sim::report::to_csv(r));
}

}  // namespace sextant::gui
