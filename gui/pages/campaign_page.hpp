// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QTextBrowser>

#include "gui/charts/rect_chart.hpp"
#include "gui/models/stage_model.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"

namespace sextant::gui {

/// A whole campaign: its stages, which can be edited, and its bill.
class CampaignPage : public Page {
  Q_OBJECT
 public:
  CampaignPage(Session& session, QWidget* parent);

  void activate() override;
  void refresh() override {}
  [[nodiscard]] report::Table table() const override;
  [[nodiscard]] Chart* chart() override { return hours_; }
  [[nodiscard]] ReportPtr html() const override { return page_; }
  [[nodiscard]] QUndoStack* undo() override { return campaign_ == nullptr ? Page::undo() : &campaign_->undo(); }
  [[nodiscard]] bool complete() const override { return report_ != nullptr && !waiting_; }

  void open(const QString& name, const QByteArray& text);
  [[nodiscard]] StageModel& stages() { return *stages_; }
  [[nodiscard]] const ReportPtr& bill() const { return report_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void fill_choices();
  void ask();
  void take(const ReportPtr& report, const ReportPtr& page);
  void show_stages();
  void save();

  QComboBox* choice_;
  Banner* banner_;
  QTableView* table_;
  StageModel* stages_;
  RectangleChart* hours_;
  QTextBrowser* text_;
  Scenario* campaign_ = nullptr;
  ReportPtr report_;
  ReportPtr page_;
  bool waiting_ = false;
};

}  // namespace sextant::gui
