// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/rect_chart.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"

namespace sextant::gui {

/// The terms of a step and the pipeline as a Gantt chart.
class StepPage : public Page {
  Q_OBJECT
 public:
  StepPage(Session& session, QWidget* parent);

  void refresh() override;
  [[nodiscard]] report::Table table() const override;
  [[nodiscard]] Chart* chart() override { return gantt_; }
  [[nodiscard]] bool complete() const override;

 private:
  void take(const PicturePtr& picture);
  void draw();
  void show_ranks();

  Card* terms_card_;
  Card* gantt_card_;
  TableView* terms_;
  TableView* ranks_;
  RectangleChart* gantt_;
  QLabel* note_;
  QPushButton* streams_;
  PicturePtr picture_;
  PicturePtr pinned_;
  std::uint64_t drawn_ = 0;
};

}  // namespace sextant::gui
