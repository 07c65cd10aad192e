// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QTextBrowser>

#include "sim/report/report.hpp"

namespace sextant::gui {

/// Where a number comes from, beside the page. Escape closes it.
class WhyPanel : public QFrame {
  Q_OBJECT
 public:
  explicit WhyPanel(QWidget* parent = nullptr);
  void show_report(const sim::report::Report& report);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  sim::report::Report report_;
  QTextBrowser* text_;
};

}  // namespace sextant::gui
