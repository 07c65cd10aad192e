// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>
#include <QProgressBar>
#include <QTextBrowser>

#include "gui/charts/rect_chart.hpp"
#include "gui/models/table_model.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"

namespace sextant::gui {

/// Published budgets and what the simulator makes of them.
class ClaimsPage : public Page {
  Q_OBJECT
 public:
  ClaimsPage(Session& session, QWidget* parent);

  void activate() override;
  void forget() override;
  [[nodiscard]] QString command() const override;
  void refresh() override {}
  [[nodiscard]] report::Table table() const override { return table_->source().table(); }
  [[nodiscard]] Chart* chart() override { return band_; }
  [[nodiscard]] bool complete() const override { return !table_->source().table().rows.empty() && one_; }
  void check_text(const QByteArray& text);
  [[nodiscard]] bool pins_own() const override { return true; }
  [[nodiscard]] bool shows_pinned() const override {
    return !pinned_.isEmpty() && pinned_ == checked_ && own_claim_.isEmpty();
  }
  void pin_own() override;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void take_all(const ReportPtr& report);
  void take_one(const ReportPtr& report);
  void show_all();
  void show_one();
  [[nodiscard]] std::vector<BandRow> bands() const;
  QWidget* make_own();

  TableView* table_;
  QProgressBar* progress_;
  QLabel* counts_;
  QString checked_;       ///< id of the claim shown
  QByteArray own_claim_;  ///< the text that is shown in its place
  RectangleChart* band_;
  QTextBrowser* text_;
  Card* one_card_;
  QWidget* own_;
  QPlainTextEdit* own_text_;
  Banner* own_fault_;
  ReportPtr one_;
  report::Table claims_;  ///< of the catalogue
  QString pinned_;        ///< id of claim A
};

}  // namespace sextant::gui
