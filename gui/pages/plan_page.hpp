// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/rect_chart.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"
#include "gui/widgets/layout_search.hpp"
#include "gui/widgets/run_form.hpp"
#include "gui/widgets/tile.hpp"

class QListWidget;
class QListWidgetItem;
class QTabBar;

namespace sextant::gui {

/// Inputs at the left, what they mean at the right.
class PlanPage : public Page {
  Q_OBJECT
 public:
  PlanPage(Session& session, QWidget* parent);

  void activate() override;
  void refresh() override;
  void set_stale(bool stale) override;
  [[nodiscard]] report::Table table() const override;
  [[nodiscard]] Chart* chart() override;
  [[nodiscard]] QString command() const override;
  [[nodiscard]] bool complete() const override;
  [[nodiscard]] RunForm& form() { return *form_; }
  void show_search();
  [[nodiscard]] LayoutSearch& search() { return *search_; }
  [[nodiscard]] const std::vector<Tile*>& tiles() const { return tiles_; }

 private:
  QWidget* make_results();
  Card* make_middle(QWidget* parent);
  QWidget* make_side(QWidget* parent);
  void show_messages(const Answer& answer);
  void show_tiles(const Evaluated& e);
  void show_assumptions(const Evaluated& e);
  void state_assumption(QListWidgetItem* item);
  void take_nearest(std::uint64_t number, const ReportPtr& report);

  RunForm* form_;
  Banner* banner_;
  Banner* limits_;
  std::vector<Tile*> tiles_;
  RectangleChart* waterfall_;
  LayoutSearch* search_;
  QTabBar* tabs_;
  QListWidget* nearest_;
  QListWidget* assumptions_;
  std::uint64_t nearest_number_ = 0;
};

}  // namespace sextant::gui
