// SPDX-License-Identifier: GPL-3.0-or-later
// A table of a report as Qt sees it: cells in the words of the report, sorted by their values.
#pragma once

#include <QAbstractTableModel>

#include "sim/report/report.hpp"

namespace sextant::gui {

class TableModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Role : int {
    sort_role = Qt::UserRole,  ///< the number or text itself
    share_role,                ///< of a cell that is drawn as a bar; 0..1
    verdict_role,              ///< -1 bad, 0, 1 good
    key_role,                  ///< of the row: its first text cell
  };

  explicit TableModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  /// Shows the columns with a title. A column "better" or "better/KEY" without one holds 1, 0 or -1: the verdict on the
  /// row's "difference" and "change", or on its KEY.
  void set_table(sim::report::Table table);
  [[nodiscard]] const sim::report::Table& table() const { return table_; }
  /// Text cells of this column take the colour of a verdict by their word.
  void set_verdict_column(int column, const QStringList& good, const QStringList& bad);
  /// The column of a key as it is shown; -1 where it is not.
  [[nodiscard]] int shown_column(const std::string& key) const;
  [[nodiscard]] QString row_key(int row) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  [[nodiscard]] int verdict(int row, int column) const;
  [[nodiscard]] QVariant alignment(int shown) const;
  [[nodiscard]] const sim::report::Cell* cell(int row, int column) const;
  [[nodiscard]] const sim::report::Column& column(int shown) const {
    return table_.columns[static_cast<std::size_t>(shown_[static_cast<std::size_t>(shown)])];
  }

  sim::report::Table table_;
  std::vector<int> shown_;  ///< columns with a title
  int verdict_column_ = -1;
  QStringList good_, bad_;
};

/// One cell in words.
[[nodiscard]] QString cell_text(const sim::report::Cell& cell, sim::report::Unit unit);

/// The rows as comma-separated values, numbers unrounded.
[[nodiscard]] QString to_csv(const sim::report::Table& table);

}  // namespace sextant::gui
