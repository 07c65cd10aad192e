// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProgressBar>

#include "gui/charts/scatter_chart.hpp"
#include "gui/session/session.hpp"
#include "gui/widgets/basics.hpp"

class QComboBox;

namespace sextant::gui {

/// Searches layouts while one looks on; a click takes one.
class LayoutSearch : public QWidget {
  Q_OBJECT
 public:
  explicit LayoutSearch(Session& session, QWidget* parent = nullptr);

  void start();
  void stop();
  [[nodiscard]] bool running() const { return running_; }
  [[nodiscard]] ScatterChart& chart() { return *chart_; }
  [[nodiscard]] const report::Table& layouts() const { return layouts_; }
  /// What was last found; nullptr before.
  [[nodiscard]] const FoundPtr& found() const { return found_; }
  /// Options of `sextant plan` that ask the same as the last search; "" before.
  [[nodiscard]] QString command() const;
  /// Makes the layout with this id the run's.
  void take_layout(const QString& id);

 private:
  void take(const FoundPtr& found);
  void show_verdicts();
  void show_state(bool running);
  void draw();

  Session& session_;
  QPushButton* go_;
  QComboBox* objective_;
  QComboBox* range_;
  QProgressBar* progress_;
  QLabel* note_;
  Banner* verdict_;
  ScatterChart* chart_;
  TableView* table_;
  FoundPtr found_;
  report::Table layouts_;
  std::uint64_t number_ = 0;  ///< of the newest search
  bool running_ = false;
};

}  // namespace sextant::gui
