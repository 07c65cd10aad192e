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
  void make_units_menu(QMenu* view);
  void make_theme_menu(QMenu* view);
  void fill_recent(QMenu* menu);
  void fill_scenarios();
  // What the bar and the menus work on: campaigns while their page is shown, else runs.
  [[nodiscard]] bool campaigns_shown() const;
  [[nodiscard]] const std::vector<std::unique_ptr<Scenario>>& documents() const;
  [[nodiscard]] Scenario* document() const;
  [[nodiscard]] Scenario* pinned_document() const;
  void select_document(Scenario* document);
  void pin_document();
  void duplicate_document();
  void close_document();
  void step_document(bool forward);
  void fill_catalogue(QMenu* menu);
  void show_nearest(std::uint64_t number, const ReportPtr& report);
  void show_stale();
  void ask_why_again();
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
  QLabel* kind_;  ///< what the bar lists
  QLabel* state_;
  QLabel* nearest_;  ///< measured run and its error, beside every prediction
  QLabel* rate_;     ///< of exchange, where one is used
  QTimer nearest_timer_;
  Banner* failure_;
  QString why_tag_;
  const Page* why_page_ = nullptr;  ///< that asked
  QTimer stale_timer_;
};

}  // namespace sextant::gui
