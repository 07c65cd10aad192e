// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QTextBrowser>

#include "gui/charts/scatter_chart.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"

namespace sextant::gui {

/// Predicted against measured steps; a click on a point shows its run.
class AccuracyPage : public Page {
  Q_OBJECT
 public:
  AccuracyPage(Session& session, QWidget* parent);

  void activate() override;
  [[nodiscard]] QString command() const override { return QStringLiteral("sextant validate"); }
  void refresh() override {}
  void explain(const QString& tag) override;
  [[nodiscard]] report::Table table() const override;
  [[nodiscard]] Chart* chart() override { return chart_; }
  [[nodiscard]] bool complete() const override { return report_ != nullptr; }

 private:
  void take(const ReportPtr& report);
  void draw();
  void show_point(const QString& id);

  ScatterChart* chart_;
  QComboBox* colour_by_;
  QComboBox* only_;
  TableView* table_;
  QTextBrowser* text_;
  QLabel* summary_;
  ReportPtr report_;
};

}  // namespace sextant::gui
