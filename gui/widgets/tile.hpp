// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>

#include "sim/report/report.hpp"

namespace sextant::gui {

/// One headline figure with its band and the difference to the pinned scenario. A click asks why.
class Tile : public QFrame {
  Q_OBJECT
 public:
  Tile(const QString& key, const QString& label, const QString& definition, QWidget* parent = nullptr);

  [[nodiscard]] const QString& key() const { return key_; }
  [[nodiscard]] QString value_text() const { return plain_; }
  void show_figure(const sim::report::Figure& figure);
  /// "A 54.3 days;  +3.1 days (+5.7 %)"; "" hides it. `better`: 1, -1, or 0 where nobody can say.
  void show_difference(const QString& text, int better = 0);
  void show_nothing();
  /// A remark that is too long for one line takes two.
  void set_wrapped();
  /// Results that are older than the inputs are paler.
  void set_stale(bool stale);

 Q_SIGNALS:
  void why(const QString& key);

 protected:
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QString key_;
  QString plain_;
  bool stale_ = false;
  bool wrapped_ = false;
  QLabel* label_;
  QLabel* value_;
  QLabel* unit_;
  QLabel* band_;
  QLabel* note_;
  QLabel* difference_;
};

}  // namespace sextant::gui
