// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QMainWindow>
#include <QStackedWidget>
#include <QTimer>
#include <vector>

#include "gui/pages/page.hpp"
#include "gui/theme/theme.hpp"
#include "gui/widgets/basics.hpp"
#include "gui/widgets/why_panel.hpp"

namespace sextant::gui {

class PlanPage;
class CampaignPage;
class ClaimsPage;

class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  explicit MainWindow(Session& session, QWidget* parent = nullptr);

  [[nodiscard]] const std::vector<Page*>& pages() const { return pages_; }
  [[nodiscard]] Page* page() const { return pages_[static_cast<std::size_t>(stack_->currentIndex())]; }
  [[nodiscard]] PlanPage& plan() { return *plan_; }
  void show_page(int index);
  bool show_page(const QString& id);
  void open_file(const QString& path);
  void ask_why(const QString& tag);
  /// By the ending: png, svg, pdf, csv, html.
  bool export_to(const QString& path);
  [[nodiscard]] const WhyPanel& why_panel() const { return *why_; }

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void closeEvent(QCloseEvent* event) override;

 private:
  void make_pages();
  QWidget* make_navigation();
  QWidget* make_bar();
  void make_menus();
  void make_file_menu();
  void make_scenario_menu();
  void make_view_menu();
  void fill_recent(QMenu* menu);
  void fill_scenarios();
  void show_stale();
  void update_title();
  void report_failure(const QString& what, const QString& why);
  void save(bool elsewhere);
  void export_page();
  void copy_command();
  void rename_scenario();
  QAction* action(QMenu* menu, const QString& text, const QKeySequence& keys, std::function<void()> run);

  Session& session_;
  std::vector<Page*> pages_;
  PlanPage* plan_ = nullptr;
  ClaimsPage* claims_ = nullptr;
  CampaignPage* campaign_ = nullptr;
  std::vector<QPushButton*> nav_;
  QStackedWidget* stack_;
  WhyPanel* why_;
  QComboBox* scenarios_;
  QPushButton* pin_;
  QLabel* state_;
  Banner* failure_;
  QString why_tag_;
  QTimer stale_timer_;
};

}  // namespace sextant::gui
