// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/sorted_model.hpp"

#include "gui/models/table_model.hpp"

namespace sextant::gui {

SortedModel::SortedModel(QObject* parent) : QSortFilterProxyModel(parent) {
  setSortRole(TableModel::sort_role);
  setFilterCaseSensitivity(Qt::CaseInsensitive);
  setFilterKeyColumn(-1);
}

bool SortedModel::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const bool has_left = left.data(sortRole()).isValid();
  const bool has_right = right.data(sortRole()).isValid();
  if (has_left != has_right) return sortOrder() == Qt::AscendingOrder ? has_left : has_right;
  return QSortFilterProxyModel::lessThan(left, right);
}

}  // namespace sextant::gui
