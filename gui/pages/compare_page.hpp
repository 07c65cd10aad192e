// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/rect_chart.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"

class QListWidget;

namespace sextant::gui {

/// The same work on several GPUs, and two scenarios side by side.
class ComparePage : public Page {
  Q_OBJECT
 public:
  ComparePage(Session& session, QWidget* parent);

  void activate() override;
  void forget() override { asked_ = 0; }
  [[nodiscard]] QString command() const override;
  void refresh() override;
  [[nodiscard]] report::Table table() const override;
  [[nodiscard]] Chart* chart() override { return cost_; }
  [[nodiscard]] bool complete() const override { return answered_; }

 private:
  void fill_gpus();
  void ask();
  void take(const ReportPtr& report);
  void show_difference();

  QListWidget* gpus_;
  TableView* speed_;
  RectangleChart* cost_;
  RectangleChart* hours_;
  TableView* difference_;
  QLabel* difference_note_;
  Card* difference_card_;
  Banner* notes_;
  ReportPtr report_;
  std::uint64_t asked_ = 0;
  bool answered_ = false;
};

}  // namespace sextant::gui
