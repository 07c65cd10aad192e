// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/charts/rect_chart.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"

namespace sextant::gui {

/// Memory of each pipeline rank by class, against what the GPU has.
class MemoryPage : public Page {
  Q_OBJECT
 public:
  MemoryPage(Session& session, QWidget* parent);

  void refresh() override;
  [[nodiscard]] report::Table table() const override;
  [[nodiscard]] Chart* chart() override { return stacks_; }

 private:
  void show_ranks(const report::Table& stages, const Evaluated* pinned);

  Banner* banner_;
  RectangleChart* stacks_;
  Card* terms_card_;
  TableView* terms_;
  TableView* ranks_;
};

}  // namespace sextant::gui
