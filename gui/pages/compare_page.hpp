// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/rect_chart.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"

class QListWidget;
class QStackedWidget;
class QTabBar;

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
  QBoxLayout* make_right();
  QWidget* make_hardware();
  QWidget* make_scenarios();
  void fill_gpus();
  void ask();
  void take(const ReportPtr& report);
  void show_difference();

  Card* pick_;
  QListWidget* gpus_;
  QTabBar* tabs_;
  QStackedWidget* both_;
  QWidget* tables_;
  TableView* terms_;
  TableView* speed_;
  RectangleChart* cost_;
  RectangleChart* hours_;
  TableView* difference_;
  QLabel* difference_note_;
  Banner* notes_;
  ReportPtr report_;
  std::uint64_t asked_ = 0;
  bool answered_ = false;
  bool compared_ = false;  ///< there was a pinned scenario to show
};

}  // namespace sextant::gui
