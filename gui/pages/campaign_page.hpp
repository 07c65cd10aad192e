// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QPushButton>
#include <QSet>
#include <QTextBrowser>

#include "gui/charts/rect_chart.hpp"
#include "gui/models/stage_model.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"
#include "gui/widgets/tile.hpp"

namespace sextant::gui {

/// A whole campaign: its stages, which can be edited, and its bill, beside those of a pinned one.
class CampaignPage : public Page {
  Q_OBJECT
 public:
  CampaignPage(Session& session, QWidget* parent);

  void activate() override;
  void refresh() override {}
  void forget() override;
  [[nodiscard]] report::Table table() const override;
  [[nodiscard]] Chart* chart() override { return hours_; }
  [[nodiscard]] ReportPtr html() const override;
  [[nodiscard]] QUndoStack* undo() override;
  [[nodiscard]] QString command() const override;
  void explain(const QString& tag) override;
  [[nodiscard]] bool complete() const override { return bill() != nullptr && waiting_.isEmpty(); }

  [[nodiscard]] StageModel& stages() { return *stages_; }
  /// Of the current campaign; nullptr before it is there.
  [[nodiscard]] BillPtr bill() const { return bill_of(campaigns_.current()); }
  [[nodiscard]] const std::vector<Tile*>& tiles() const { return tiles_; }
  /// A campaign of the catalogue as a new one.
  void open_from_catalogue(const QString& id);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void make_tiles(QBoxLayout* layout);
  QWidget* make_left(QWidget* parent);
  [[nodiscard]] BillPtr bill_of(const Scenario* campaign) const;
  void ask(const Scenario* campaign);
  void take(int id, const BillPtr& bill);
  void show_current();
  void show_stages();
  void explain_cell(const QModelIndex& cell);
  void show_bill();

  Campaigns& campaigns_;
  Banner* banner_;
  std::vector<Tile*> tiles_;
  QPushButton* catalogue_;
  QTableView* table_;
  StageModel* stages_;
  RectangleChart* hours_;
  QTextBrowser* text_;
  QHash<int, BillPtr> bills_;
  QSet<int> waiting_;
};

}  // namespace sextant::gui
