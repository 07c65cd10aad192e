// SPDX-License-Identifier: Apache-2.0
// A window with a run in it, for tests.
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QListWidget>
#include <QTableView>
#include <QTextBrowser>

#include "gui/charts/chart.hpp"
#include "gui/pages/plan_page.hpp"
#include "gui/screenshots.hpp"
#include "gui/window/main_window.hpp"
#include "tests/support/catch.hpp"

namespace sextant::gui {

struct Desk {
  Session session{SessionOptions{}};
  MainWindow window{session};

  explicit Desk(const char* run = "deepseek-v3-2048-h800") {
    window.show();
    session.engine().load_choices();
    session.add_from_catalogue(run);
    settle();
  }
  bool settle() {
    return wait_until([&] { return !session.stale() && session.engine().idle(); });
  }
  bool show(const QString& page) {
    window.show_page(page);
    return settle() && wait_until([&] { return window.page()->complete() && session.engine().idle(); }, 120000);
  }
  [[nodiscard]] const Tile& tile(const char* key) {
    for (const Tile* t : window.plan().tiles()) {
      if (t->key() == key) return *t;
    }
    throw std::runtime_error("no such tile");
  }
  template <class T>
  T* find(const char* name) {
    return window.plan().form().findChild<T*>(QLatin1String(name));
  }
};

/// Everything that can be read on a page: labels, texts, tables with their tooltips, lists, axes.
[[nodiscard]] inline QStringList texts_of(const QWidget& page) {
  QStringList out;
  for (const auto* w : page.findChildren<QLabel*>()) {
    if (w->isVisible()) out << w->text() << w->toolTip();
  }
  for (const auto* w : page.findChildren<QTextBrowser*>()) out << w->toPlainText();
  for (const auto* w : page.findChildren<QListWidget*>()) {
    for (int i = 0; i < w->count(); ++i) out << w->item(i)->text();
  }
  for (const auto* w : page.findChildren<QTableView*>()) {
    const QAbstractItemModel& m = *w->model();
    for (int column = 0; column < m.columnCount(); ++column) {
      out << m.headerData(column, Qt::Horizontal).toString();
      for (int row = 0; row < m.rowCount(); ++row) {
        const QModelIndex at = m.index(row, column);
        out << at.data().toString() << at.data(Qt::ToolTipRole).toString();
      }
    }
  }
  for (const auto* w : page.findChildren<Chart*>()) out << w->xAxis->label() << w->yAxis->label();
  out.removeAll(QString());
  return out;
}

}  // namespace sextant::gui
