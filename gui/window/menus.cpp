// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of the main window and what they do.
#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenuBar>
#include <QStatusBar>

#include "gui/models/table_model.hpp"
#include "gui/pages/campaign_page.hpp"
#include "gui/pages/plan_page.hpp"
#include "gui/window/layout_memory.hpp"
#include "gui/window/main_window.hpp"
#include "sim/report/exporters.hpp"

namespace sextant::gui {

namespace {

const QString run_filter = QStringLiteral("Sextant runs (*.sextant.json *.json)");

bool write_text(const QString& path, const QString& text) {
  QFile file(path);
  const QByteArray bytes = text.toUtf8();
  return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

}  // namespace

QAction* MainWindow::action(QMenu* menu, const QString& text, const QKeySequence& keys, std::function<void()> run) {
  QAction* a = menu->addAction(text);
  a->setShortcut(keys);
  connect(a, &QAction::triggered, this, [run = std::move(run)] { run(); });
  return a;
}

void MainWindow::make_menus() {
  make_file_menu();
  QMenu* edit = menuBar()->addMenu(tr("&Edit"));
  QAction* undo = session_.undo_group().createUndoAction(this, tr("Undo"));
  undo->setShortcut(QKeySequence::Undo);
  QAction* redo = session_.undo_group().createRedoAction(this, tr("Redo"));
  redo->setShortcut(QKeySequence::Redo);
  edit->addActions({undo, redo});
  edit->addSeparator();
  action(edit, tr("Copy command line"), QKeySequence(tr("Ctrl+Shift+C")), [this] { copy_command(); });
  make_scenario_menu();
  make_view_menu();
}

void MainWindow::make_file_menu() {
  QMenu* file = menuBar()->addMenu(tr("&File"));
  QMenu* fresh = file->addMenu(tr("New from the catalogue"));
  connect(fresh, &QMenu::aboutToShow, this, [this, fresh] { fill_catalogue(fresh); });
  action(file, tr("New"), QKeySequence::New,
         [this] { session_.add_from_catalogue(QStringLiteral("llama3-8b-8-h100")); });
  action(file, tr("Open…"), QKeySequence::Open, [this] {
    for (const QString& path : QFileDialog::getOpenFileNames(
             this, tr("Open runs, models, campaigns, claims or kernel profiles"), {}, run_filter))
      open_file(path);
  });
  QMenu* recent = file->addMenu(tr("Open recent"));
  connect(recent, &QMenu::aboutToShow, this, [this, recent] { fill_recent(recent); });
  file->addSeparator();
  action(file, tr("Save"), QKeySequence::Save, [this] { save(false); });
  action(file, tr("Save as…"), QKeySequence::SaveAs, [this] { save(true); });
  action(file, tr("Export page…"), QKeySequence(tr("Ctrl+E")), [this] { export_page(); });
  file->addSeparator();
  action(file, tr("Close"), QKeySequence::Close, [this] { close_document(); });
  action(file, tr("Quit"), QKeySequence::Quit, [this] { close(); });
}

void MainWindow::fill_catalogue(QMenu* menu) {
  menu->clear();
  if (!session_.choices()) return;
  const bool campaigns = campaigns_shown();
  for (const Choice& c : campaigns ? session_.choices()->campaigns : session_.choices()->runs) {
    const QString id = QString::fromStdString(c.id);
    connect(menu->addAction(QString::fromStdString(c.title)), &QAction::triggered, this, [this, id, campaigns] {
      if (campaigns)
        campaign_->open_from_catalogue(id);
      else
        session_.add_from_catalogue(id);
    });
  }
}

void MainWindow::fill_recent(QMenu* menu) {
  menu->clear();
  const QStringList files = session_.recent_files();
  for (const QString& path : files) {
    connect(menu->addAction(QFileInfo(path).fileName()), &QAction::triggered, this, [this, path] { open_file(path); });
  }
  if (files.isEmpty()) menu->addAction(tr("No files yet"))->setEnabled(false);
}

void MainWindow::make_scenario_menu() {
  QMenu* menu = menuBar()->addMenu(tr("&Scenario"));
  action(menu, tr("Duplicate"), QKeySequence(tr("Ctrl+D")), [this] { duplicate_document(); });
  action(menu, tr("Rename"), QKeySequence(tr("Ctrl+R")), [this] { rename_scenario(); });
  action(menu, tr("Pin as A, or unpin"), QKeySequence(tr("Ctrl+B")), [this] { pin_document(); });
  menu->addSeparator();
  action(menu, tr("Next"), QKeySequence::NextChild, [this] { step_document(true); });
  action(menu, tr("Previous"), QKeySequence::PreviousChild, [this] { step_document(false); });
}

void MainWindow::make_view_menu() {
  QMenu* view = menuBar()->addMenu(tr("&View"));
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    action(view, pages_[i]->title(), QKeySequence(tr("Ctrl+%1").arg(i + 1)),
           [this, i] { show_page(static_cast<int>(i)); });
  }
  view->addSeparator();
  make_units_menu(view);
  view->addSeparator();
  make_theme_menu(view);
  view->addSeparator();
  action(view, tr("Close “Why?” and messages"), QKeySequence(Qt::Key_Escape), [this] {
    why_->hide();
    failure_->show_text({}, Banner::Mood::neutral);
  });
}

void MainWindow::make_units_menu(QMenu* view) {
  const auto add = [&](const QString& text, const QKeySequence& keys, bool report::DisplayUnits::*which) {
    QAction* a = view->addAction(text);
    a->setShortcut(keys);
    a->setCheckable(true);
    a->setChecked(session_.units().*which);
    connect(a, &QAction::toggled, this, [this, which](bool on) {
      report::DisplayUnits units = session_.units();
      units.*which = on;
      session_.set_units(units);
    });
  };
  add(tr("Hours instead of days"), QKeySequence(tr("Ctrl+Shift+H")), &report::DisplayUnits::hours);
  add(tr("Yuan instead of dollars"), QKeySequence(tr("Ctrl+Shift+Y")), &report::DisplayUnits::cny);
}

void MainWindow::make_theme_menu(QMenu* view) {
  auto* all = new QActionGroup(this);
  const auto add = [&](const QString& text, ThemeMode mode) {
    QAction* a = action(view, text, {}, [mode] {
      apply_theme(*qApp, mode);
      QSettings settings;
      save_theme(mode, settings);
    });
    a->setCheckable(true);
    a->setChecked(saved_theme(QSettings()) == mode);
    all->addAction(a);
  };
  add(tr("As the system"), ThemeMode::system);
  add(tr("Light"), ThemeMode::light);
  add(tr("Dark"), ThemeMode::dark);
}

void MainWindow::copy_command() {
  QApplication::clipboard()->setText(page()->command());
  statusBar()->showMessage(tr("The command line is on the clipboard."), 4000);
}

void MainWindow::save(bool elsewhere) {
  Scenario* s = document();
  if (s == nullptr) return;
  QString path = s->path();
  if (elsewhere || path.isEmpty()) {
    path = campaigns_shown()
               ? QFileDialog::getSaveFileName(this, tr("Save campaign"), s->name() + QStringLiteral(".json"),
                                              tr("Campaigns (*.json)"))
               : QFileDialog::getSaveFileName(this, tr("Save run"), s->name() + QStringLiteral(".sextant.json"),
                                              run_filter);
    if (path.isEmpty()) return;
  }
  if (session_.save(s, path)) statusBar()->showMessage(tr("Saved %1").arg(path), 4000);
  update_title();
}

/// In place: the list becomes a field until Enter or Escape.
void MainWindow::rename_scenario() {
  Scenario* s = document();
  if (s == nullptr || scenarios_->isEditable()) return;
  scenarios_->setEditable(true);
  scenarios_->setInsertPolicy(QComboBox::NoInsert);
  scenarios_->setCompleter(nullptr);
  QLineEdit* field = scenarios_->lineEdit();
  field->setText(s->name());
  field->selectAll();
  field->setFocus();
  connect(field, &QLineEdit::editingFinished, this, [this, id = s->id(), field] {
    const QString name = field->text();
    // Not while the field is at work.
    QTimer::singleShot(0, this, [this, id, name] {
      if (!scenarios_->isEditable()) return;
      scenarios_->setEditable(false);
      if (document() != nullptr && document()->id() == id) document()->rename(name);
      fill_scenarios();
    });
  });
}

void MainWindow::export_page() {
  const QString path = QFileDialog::getSaveFileName(
      this, tr("Export page"), page()->id() + QStringLiteral(".png"),
      tr("Picture (*.png);;Vector picture (*.svg);;Document (*.pdf);;Table (*.csv);;Report (*.html)"));
  if (!path.isEmpty()) export_to(path);
}

bool MainWindow::export_to(const QString& path) {
  bool good = false;
  if (path.endsWith(QLatin1String(".csv"))) {
    good = write_text(path, to_csv(page()->table()));
  } else if (path.endsWith(QLatin1String(".html"))) {
    const ReportPtr page_report = page()->html() ? page()->html() : session_.run_page();
    good = page_report && write_text(path, QString::fromStdString(report::to_html(*page_report)));
  } else if (path.endsWith(QLatin1String(".svg")) || path.endsWith(QLatin1String(".pdf"))) {
    good = page()->chart() != nullptr && page()->chart()->save_picture(path);
  } else {
    good = page()->grab().save(path);
  }
  if (good)
    statusBar()->showMessage(tr("Wrote %1").arg(path), 4000);
  else
    report_failure(tr("Export"), tr("%1 could not be written").arg(path));
  return good;
}

}  // namespace sextant::gui
