// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces that every page is made of.
#pragma once

#include <QBoxLayout>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QTableView>

class QAbstractItemDelegate;
class QSortFilterProxyModel;

namespace sextant::gui {

class TableModel;

[[nodiscard]] QLabel* caption(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] QLabel* heading(const QString& text, QWidget* parent = nullptr);
[[nodiscard]] QLabel* body(const QString& text, QWidget* parent = nullptr);

/// A panel with a heading and what it holds.
class Card : public QFrame {
  Q_OBJECT
 public:
  explicit Card(const QString& title, QWidget* parent = nullptr);
  [[nodiscard]] QVBoxLayout* content() { return content_; }
  [[nodiscard]] QHBoxLayout* head() { return head_; }
  void set_title(const QString& title);

 private:
  QLabel* title_;
  QHBoxLayout* head_;
  QVBoxLayout* content_;
};

/// A sortable table of a report. Enter or a double click asks for a row.
class TableView : public QTableView {
  Q_OBJECT
 public:
  explicit TableView(QWidget* parent = nullptr);

  [[nodiscard]] TableModel& source() { return *model_; }
  /// The column that takes what is left; the others are as wide as what they hold.
  void set_stretch(int column, int least = 72);
  void fit_columns();
  void filter(const QString& text);
  void select_key(const QString& key);

 Q_SIGNALS:
  void row_activated(const QString& key);
  void row_selected(const QString& key);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  [[nodiscard]] QString key_of(const QModelIndex& index) const;

  TableModel* model_;
  QSortFilterProxyModel* sorted_;
  int stretch_ = 0;
  int least_ = 72;
};

/// Paints TableModel's bars and verdicts.
[[nodiscard]] QAbstractItemDelegate* cell_delegate(QObject* parent);

/// A message in place: what is wrong and what to do. Hidden while empty.
class Banner : public QLabel {
  Q_OBJECT
 public:
  enum class Mood { neutral, good, bad };
  explicit Banner(QWidget* parent = nullptr);
  void show_text(const QString& text, Mood mood);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void restyle();
  Mood mood_ = Mood::neutral;
  bool restyling_ = false;
};

}  // namespace sextant::gui
