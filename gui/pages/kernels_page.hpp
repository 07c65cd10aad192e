// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QProcess>

#include "gui/charts/scatter_chart.hpp"
#include "gui/pages/page.hpp"
#include "gui/widgets/basics.hpp"

namespace sextant::gui {

/// Measured kernels on the GPU's roofline, beside what the model says of them.
class KernelsPage : public Page {
  Q_OBJECT
 public:
  KernelsPage(Session& session, QWidget* parent);

  void activate() override;
  void explain(const QString& tag) override;
  [[nodiscard]] QString command() const override;
  [[nodiscard]] const KernelsPtr& kernels() const { return kernels_; }
  void refresh() override;
  [[nodiscard]] report::Table table() const override;
  [[nodiscard]] Chart* chart() override { return chart_; }
  [[nodiscard]] bool complete() const override { return kernels_ != nullptr; }

 private:
  void fill_profiles();
  void show_opened(const QString& id);
  void ask();
  void take(const KernelsPtr& kernels);
  void run_profiler();
  void finish_profiler(int code);

  QComboBox* profile_;
  ScatterChart* chart_;
  TableView* points_;
  TableView* tables_;
  QLabel* about_;
  QLabel* coverage_;
  QPushButton* use_;
  QLabel* figures_;
  QPushButton* measure_;
  Banner* banner_;
  QProcess profiler_;
  QString measured_to_;  ///< the profiler's file
  KernelsPtr kernels_;
};

}  // namespace sextant::gui
