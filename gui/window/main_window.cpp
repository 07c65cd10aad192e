// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/main_window.hpp"

#include <QApplication>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QSettings>
#include <QSplitter>
#include <QStatusBar>

#include "gui/models/table_model.hpp"
#include "gui/pages/accuracy_page.hpp"
#include "gui/pages/campaign_page.hpp"
#include "gui/pages/claims_page.hpp"
#include "gui/pages/compare_page.hpp"
#include "gui/pages/kernels_page.hpp"
#include "gui/pages/memory_page.hpp"
#include "gui/pages/plan_page.hpp"
#include "gui/pages/step_page.hpp"
#include "gui/window/layout_memory.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

namespace {

constexpr int rail_width = 148;
constexpr int why_width = 380;
constexpr int stale_delay_ms = 120;  // most answers are there by then
constexpr int nearest_delay_ms = 250;

}  // namespace

MainWindow::MainWindow(Session& session, QWidget* parent) : QMainWindow(parent), session_(session) {
  setAcceptDrops(true);
  setMinimumSize(960, 600);
  resize(1280, 800);
  setWindowIcon(QIcon(QStringLiteral(":/sextant.svg")));
  stack_ = new QStackedWidget(this);
  why_ = new WhyPanel(this);
  why_->hide();
  make_pages();
  auto* central = new QWidget(this);
  auto* row = new QHBoxLayout(central);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  row->addWidget(make_navigation());
  auto* column = new QVBoxLayout;
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(make_bar());
  failure_ = new Banner(this);
  column->addWidget(failure_);
  auto* split = new QSplitter(Qt::Horizontal, central);
  split->setHandleWidth(space::s);
  split->addWidget(stack_);
  split->addWidget(why_);
  split->setStretchFactor(0, 1);
  split->setCollapsible(0, false);
  split->setSizes({900, why_width});
  column->addWidget(split, 1);
  row->addLayout(column, 1);
  setCentralWidget(central);
  make_menus();
  statusBar()->setSizeGripEnabled(false);
  nearest_ = caption({}, this);
  nearest_->setContentsMargins(space::s, 0, 0, 0);
  nearest_->setToolTip(tr("The published measurement most like this run, and how far Sextant is off there."));
  rate_ = caption(QString::fromStdString(report::rate_note(session_.units())), this);
  statusBar()->addWidget(nearest_, 1);
  rate_->setContentsMargins(0, 0, space::m, 0);
  statusBar()->addPermanentWidget(rate_);
  nearest_timer_.setSingleShot(true);
  nearest_timer_.setInterval(nearest_delay_ms);
  connect(&nearest_timer_, &QTimer::timeout, this, [this] {
    const AnswerPtr a = session_.answer();
    if (a && a->result) session_.engine().find_nearest(a);
  });
  connect(&session_, &Session::scenarios_changed, this, &MainWindow::fill_scenarios);
  const auto refresh = [this] {
    page()->refresh();
    show_stale();
    update_title();
    nearest_timer_.start();
    ask_why_again();
  };
  connect(&session_, &Session::answered, this, refresh);
  connect(&session_, &Session::current_changed, this, [this, refresh] {
    fill_scenarios();
    refresh();
  });
  connect(&session_, &Session::pinned_changed, this, [this, refresh] {
    fill_scenarios();
    refresh();
  });
  stale_timer_.setSingleShot(true);
  stale_timer_.setInterval(stale_delay_ms);
  connect(&stale_timer_, &QTimer::timeout, this, &MainWindow::show_stale);
  connect(&session_, &Session::edited, this, [this] {
    if (!stale_timer_.isActive()) stale_timer_.start();
  });
  connect(&session_, &Session::failed, this, &MainWindow::report_failure);
  connect(&session_, &Session::claim_opened, this, [this](const QByteArray& text) {
    show_page(QStringLiteral("claims"));
    claims_->check_text(text);
  });
  connect(&session_, &Session::campaign_opened, this, [this] { show_page(QStringLiteral("campaign")); });
  connect(&session_, &Session::profile_opened, this, [this] { show_page(QStringLiteral("kernels")); });
  connect(&session_.campaigns(), &Campaigns::changed, this, [this] {
    fill_scenarios();
    session_.undo_group().setActiveStack(page()->undo());
  });
  const auto forget = [this] {
    for (Page* p : pages_) p->forget();
    page()->activate();
  };
  connect(&session_, &Session::units_changed, this, forget);
  connect(&session_, &Session::profiles_changed, this, forget);
  connect(&session_, &Session::units_changed, this,
          [this] { rate_->setText(QString::fromStdString(report::rate_note(session_.units()))); });
  connect(&session_.engine(), &Engine::nearest_found, this, &MainWindow::show_nearest);
  connect(&session_.engine(), &Engine::campaign_costed, this, &MainWindow::ask_why_again);
  connect(&session_.engine(), &Engine::explained, this, [this](const QString& tag, const ReportPtr& r) {
    if (tag == why_tag_) why_->show_report(*r);
  });
  fill_scenarios();
  show_page(0);
}

void MainWindow::make_pages() {
  plan_ = new PlanPage(session_, stack_);
  claims_ = new ClaimsPage(session_, stack_);
  campaign_ = new CampaignPage(session_, stack_);
  pages_ = {plan_,
            new StepPage(session_, stack_),
            new MemoryPage(session_, stack_),
            new ComparePage(session_, stack_),
            campaign_,
            claims_,
            new KernelsPage(session_, stack_),
            new AccuracyPage(session_, stack_)};
  for (Page* p : pages_) {
    stack_->addWidget(p);
    connect(p, &Page::why, this, &MainWindow::ask_why);
    connect(p, &Page::pin_changed, this, &MainWindow::fill_scenarios);
    connect(p, &Page::remark, this, [this](const QString& text) { statusBar()->showMessage(text, 8000); });
  }
}

QWidget* MainWindow::make_navigation() {
  auto* rail = new QFrame(this);
  rail->setProperty("rail", true);
  rail->setFixedWidth(rail_width);
  auto* column = new QVBoxLayout(rail);
  column->setContentsMargins(space::s, space::m, space::s, space::m);
  column->setSpacing(2);
  auto* name = new QLabel(QStringLiteral("Sextant"), rail);
  name->setFont(font_of(type::title, QFont::DemiBold));
  name->setContentsMargins(space::s, 0, 0, space::s);
  column->addWidget(name);
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    auto* button = new QPushButton(pages_[i]->title(), rail);
    button->setProperty("nav", true);
    button->setCheckable(true);
    button->setAutoExclusive(true);
    button->setToolTip(tr("Ctrl+%1").arg(i + 1));
    connect(button, &QPushButton::clicked, this, [this, i] { show_page(static_cast<int>(i)); });
    nav_.push_back(button);
    column->addWidget(button);
  }
  column->addStretch();
  return rail;
}

QWidget* MainWindow::make_bar() {
  auto* bar = new QFrame(this);
  bar->setProperty("bar", true);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(space::l, space::s, space::l, space::s);
  row->setSpacing(space::s);
  kind_ = caption(tr("Scenario"), bar);
  row->addWidget(kind_);
  scenarios_ = new QComboBox(bar);
  scenarios_->setObjectName(QStringLiteral("scenarios"));
  scenarios_->setMinimumWidth(260);
  scenarios_->setAccessibleName(tr("Scenario"));
  scenarios_->setToolTip(tr("The runs that are open. Ctrl+N, Ctrl+O or a drop on the window add one."));
  row->addWidget(scenarios_);
  pin_ = new QPushButton(tr("Pin as A"), bar);
  pin_->setToolTip(tr("Compare every number with this scenario (Ctrl+B)"));
  row->addWidget(pin_);
  auto* copy = new QPushButton(tr("Duplicate"), bar);
  copy->setToolTip(tr("A copy to change (Ctrl+D)"));
  row->addWidget(copy);
  state_ = caption({}, bar);
  row->addSpacing(space::s);
  row->addWidget(state_);
  row->addStretch();
  auto* command = new QPushButton(tr("Copy command"), bar);
  command->setToolTip(tr("The command line that prints the same numbers (Ctrl+Shift+C)"));
  row->addWidget(command);
  auto* out = new QPushButton(tr("Export…"), bar);
  out->setToolTip(tr("This page as PNG, SVG, PDF, CSV or an HTML report (Ctrl+E)"));
  row->addWidget(out);
  connect(scenarios_, &QComboBox::activated, this,
          [this](int i) { select_document(documents()[static_cast<std::size_t>(i)].get()); });
  connect(pin_, &QPushButton::clicked, this, &MainWindow::pin_document);
  connect(copy, &QPushButton::clicked, this, &MainWindow::duplicate_document);
  connect(command, &QPushButton::clicked, this, &MainWindow::copy_command);
  connect(out, &QPushButton::clicked, this, &MainWindow::export_page);
  return bar;
}

void MainWindow::show_page(int index) {
  if (index < 0 || static_cast<std::size_t>(index) >= pages_.size()) return;
  stack_->setCurrentIndex(index);
  nav_[static_cast<std::size_t>(index)]->setChecked(true);
  page()->activate();
  fill_scenarios();
  session_.undo_group().setActiveStack(page()->undo());
}

bool MainWindow::show_page(const QString& id) {
  for (std::size_t i = 0; i < pages_.size(); ++i) {
    if (pages_[i]->id() != id) continue;
    show_page(static_cast<int>(i));
    return true;
  }
  return false;
}

void MainWindow::show_stale() {
  const bool stale = session_.stale();
  // Nothing is said of the moments that most answers take.
  state_->setText(QString());
  if (stale) page()->set_stale(true);
  const AnswerPtr a = session_.answer();
  if (a && !a->result) state_->setText(tr("cannot be evaluated"));
}

void MainWindow::ask_why(const QString& tag) {
  why_tag_ = tag;
  why_page_ = page();
  page()->explain(tag);
}

/// What is explained has changed; an explanation that another page gave stays as it is.
void MainWindow::ask_why_again() {
  if (why_->isVisible() && why_page_ == page()) ask_why(why_tag_);
}

void MainWindow::show_nearest(std::uint64_t number, const ReportPtr& made) {
  const AnswerPtr answer = session_.answer();
  const report::Table* t = report::find_table(*made, "nearest");
  if (!answer || number != answer->number || t == nullptr) return;
  QStringList words;
  if (!t->rows.empty()) {
    for (const auto& [key, form] :
         {std::pair{"id", tr("Nearest measured run: %1")}, {"error", tr("Sextant's error there: %1")}}) {
      const auto column = static_cast<std::size_t>(report::column_of(*t, key));
      words.push_back(form.arg(cell_text(t->rows.front()[column], t->columns[column].unit)));
    }
  }
  nearest_->setText(words.isEmpty() ? tr("No published measurement is like this run.")
                                    : words.join(QStringLiteral("; ")));
}

void MainWindow::report_failure(const QString& what, const QString& why) {
  failure_->show_text(QStringLiteral("%1: %2").arg(what, why), Banner::Mood::bad);
}

void MainWindow::open_file(const QString& path) {
  failure_->show_text({}, Banner::Mood::neutral);
  const Scenario* before = session_.current();
  session_.open(path);
  // A run that is opened is shown.
  if (session_.current() != before && campaigns_shown()) show_page(QStringLiteral("plan"));
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) open_file(url.toLocalFile());
  }
}

void MainWindow::closeEvent(QCloseEvent* event) {
  session_.autosave();
  QSettings settings;
  save_layout(*this, settings);
  QMainWindow::closeEvent(event);
}

}  // namespace sextant::gui
