// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>

namespace sextant::gui {

/// Sorts by value; cells without one stay at the end, whichever way.
class SortedModel : public QSortFilterProxyModel {
  Q_OBJECT
 public:
  explicit SortedModel(QObject* parent = nullptr);

 protected:
  [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
};

}  // namespace sextant::gui
