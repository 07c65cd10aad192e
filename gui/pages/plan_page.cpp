// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/plan_page.hpp"

#include <QListWidget>
#include <QStackedWidget>
#include <QTabBar>

#include "gui/geometry/grid.hpp"
#include "gui/models/cells.hpp"
#include "gui/models/table_model.hpp"
#include "gui/widgets/tile_difference.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/reports.hpp"

namespace sextant::gui {

namespace {

constexpr int form_width = 276;
constexpr int tile_columns = 3;

struct Definition {
  const char* key;
  const char* label;
  const char* text;
};
constexpr Definition definitions[] = {
    {"days", "Time", "From the first step to the last, without failures and restarts."},
    {"cost_usd", "Cost", "GPU-hours at the price of a GPU-hour."},
    {"gpu_hours", "GPU-hours", "Hours of one GPU that the steps take together."},
    {"mfu", "MFU",
     "Model FLOPs utilisation: useful FLOPs over the dense 16-bit peak. Causal attention; recomputed work does not "
     "count."},
    {"memory_headroom_gb", "Memory left", "Memory of the fullest GPU that nothing needs."},
    {"energy_kwh", "Energy", "Electricity of nodes, network and cooling."},
};

/// "deepseek-v3-h800-fp8-2048-mpft", and beneath it what was measured and how far Sextant is off.
QString measured_text(const report::Table& t, const Row& row) {
  const auto cell = [&](const char* key) {
    const auto at = static_cast<std::size_t>(column_of(t, key));
    return cell_text(row[at], t.columns[at].unit);
  };
  return QObject::tr("%1\nMFU %2; Sextant's error %3").arg(cell("id"), cell("mfu"), cell("error"));
}

}  // namespace

PlanPage::PlanPage(Session& session, QWidget* parent) : Page(QStringLiteral("plan"), tr("Plan"), session, parent) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  layout->setSpacing(space::l);
  form_ = new RunForm(session, this);
  form_->setFixedWidth(form_width);
  layout->addWidget(form_);
  layout->addWidget(make_results(), 1);
  connect(&session.engine(), &Engine::nearest_found, this, &PlanPage::take_nearest);
  connect(&session, &Session::choices_changed, form_, &RunForm::refresh_choices);
}

QWidget* PlanPage::make_results() {
  auto* results = new QWidget(this);
  auto* column = new QVBoxLayout(results);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(space::m);
  banner_ = new Banner(results);
  limits_ = new Banner(results);
  column->addWidget(banner_);
  column->addWidget(limits_);
  auto* grid = new QGridLayout;
  grid->setSpacing(space::m);
  int i = 0;
  for (const Definition& d : definitions) {
    auto* tile = new Tile(QLatin1String(d.key), tr(d.label), tr(d.text), results);
    connect(tile, &Tile::why, this, &Page::why);
    const GridCell at = grid_cell(i, tile_columns);
    grid->addWidget(tile, at.row, at.column);
    tiles_.push_back(tile);
    ++i;
  }
  for (int k = 0; k < tile_columns; ++k) grid->setColumnStretch(k, 1);
  column->addLayout(grid);

  auto* lower = new QHBoxLayout;
  lower->setSpacing(space::m);
  lower->addWidget(make_middle(results), 5);
  auto* side = make_side(results);
  lower->addWidget(side, 4);
  // The search takes the whole width.
  connect(tabs_, &QTabBar::currentChanged, side, [side](int tab) { side->setVisible(tab == 0); });
  column->addLayout(lower, 1);
  return results;
}

Card* PlanPage::make_middle(QWidget* parent) {
  auto* card = new Card({}, parent);
  auto* tabs = new QTabBar(card);
  tabs->addTab(tr("From the hardware's ideal to the step"));
  tabs->addTab(tr("Other layouts"));
  tabs->setDrawBase(false);
  tabs->setExpanding(false);
  auto* both = new QStackedWidget(card);
  waterfall_ = new RectangleChart(RectangleChart::Rows::left, both);
  waterfall_->set_title(tr("Waterfall from the hardware's ideal to the predicted step"));
  waterfall_->set_unit(report::Unit::seconds);
  waterfall_->xAxis->setLabel(tr("time of one step"));
  connect(waterfall_, &Chart::tag_clicked, this, &Page::why);
  search_ = new LayoutSearch(session_, both);
  both->addWidget(waterfall_);
  both->addWidget(search_);
  connect(tabs, &QTabBar::currentChanged, both, &QStackedWidget::setCurrentIndex);
  tabs_ = tabs;
  card->content()->addWidget(tabs);
  card->content()->addWidget(both, 1);
  return card;
}

QWidget* PlanPage::make_side(QWidget* parent) {
  auto* whole = new QWidget(parent);
  auto* side = new QVBoxLayout(whole);
  side->setContentsMargins(0, 0, 0, 0);
  side->setSpacing(space::m);
  auto* near = new Card(tr("Nearest measured runs"), parent);
  nearest_ = new QListWidget(near);
  nearest_->setAccessibleName(tr("Nearest measured runs"));
  nearest_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  nearest_->setTextElideMode(Qt::ElideMiddle);
  nearest_->setToolTip(tr("Published measurements most like this run, and how far Sextant is off there."));
  near->content()->addWidget(nearest_);
  side->addWidget(near, 2);
  auto* assumed = new Card(tr("Assumed"), parent);
  assumptions_ = new QListWidget(assumed);
  assumptions_->setWordWrap(true);
  assumptions_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  assumptions_->setToolTip(
      tr("What the run does not say and the simulator took. Press Enter or double-click to state it."));
  connect(assumptions_, &QListWidget::itemActivated, this, &PlanPage::state_assumption);
  assumed->content()->addWidget(assumptions_);
  side->addWidget(assumed, 2);
  return whole;
}

void PlanPage::show_search() { tabs_->setCurrentIndex(1); }

void PlanPage::activate() {
  form_->refresh_choices();
  refresh();
}

void PlanPage::refresh() {
  form_->refresh();
  const AnswerPtr answer = session_.answer();
  if (!answer) return;
  show_messages(*answer);
  if (answer->result) {
    show_tiles(*answer->result);
    waterfall_->show_chart(waterfall_bars(answer->result->waterfall), RectPlottable::Labels::beside);
    show_assumptions(*answer->result);
  }
  set_stale(!answer->result);
}

void PlanPage::show_messages(const Answer& answer) {
  QStringList faults;
  for (const Diagnostic& d : answer.faults.list()) faults.push_back(QString::fromStdString(d.text()));
  if (faults.size() > 4) faults = faults.mid(0, 4) << tr("and %1 more").arg(faults.size() - 4);
  if (!faults.isEmpty())
    faults.prepend(tr("This run cannot be evaluated. The numbers below are of the last one that could."));
  banner_->show_text(faults.join('\n'), Banner::Mood::bad);
  QStringList limits;
  auto mood = Banner::Mood::good;
  if (answer.result) {
    for (const report::Item& item : answer.result->headline.items) {
      const auto* v = std::get_if<report::Verdict>(&item);
      if (v == nullptr) continue;
      limits.push_back(QString::fromStdString(v->text));
      if (v->mood == report::Verdict::Mood::bad) mood = Banner::Mood::bad;
      if (v->mood == report::Verdict::Mood::neutral && mood == Banner::Mood::good) mood = Banner::Mood::neutral;
    }
  }
  limits_->show_text(limits.join('\n'), mood);
}

void PlanPage::show_tiles(const Evaluated& e) {
  const AnswerPtr pinned = session_.compared_answer();
  gui::show_tiles(tiles_, e.headline, pinned ? &pinned->result->headline : nullptr);
}

void PlanPage::show_assumptions(const Evaluated& e) {
  assumptions_->clear();
  for (const sim::Assumption& a : e.run.assumptions) {
    auto* item = new QListWidgetItem(QString::fromStdString(report::text_of(a)), assumptions_);
    item->setData(Qt::UserRole, QString::fromStdString(a.what));
  }
  if (assumptions_->count() == 0) {
    auto* item = new QListWidgetItem(tr("Nothing: the run says it all."), assumptions_);
    item->setFlags(Qt::NoItemFlags);
  }
}

/// To the field where it can be said.
void PlanPage::state_assumption(QListWidgetItem* item) {
  const QString what = item->data(Qt::UserRole).toString();
  static const std::pair<const char*, const char*> places[] = {{"sharding", "/parallelism/sharding"},
                                                               {"schedule", "/parallelism/schedule"},
                                                               {"micro", "/batch/micro_sequences"},
                                                               {"recompute", "/recompute/mode"},
                                                               {"precision", "/precision"},
                                                               {"dp", "/parallelism/dp"},
                                                               {"tp", "/parallelism/tp"},
                                                               {"pp", "/parallelism/pp"},
                                                               {"vp", "/parallelism/vp"},
                                                               {"ep", "/parallelism/ep"},
                                                               {"software", "/stack"}};
  for (const auto& [word, pointer] : places) {
    if (what.startsWith(QLatin1String(word))) return form_->focus_pointer(QLatin1String(pointer));
  }
  Q_EMIT remark(tr("State it in the run's file: %1").arg(what));
}

void PlanPage::set_stale(bool stale) {
  for (Tile* tile : tiles_) tile->set_stale(stale);
}

void PlanPage::take_nearest(std::uint64_t number, const ReportPtr& made) {
  const AnswerPtr answer = session_.answer();
  if (!answer || number != answer->number) return;
  nearest_number_ = number;
  const report::Table* t = report::find_table(*made, "nearest");
  if (t == nullptr) return;
  nearest_->clear();
  for (const auto& row : t->rows) nearest_->addItem(measured_text(*t, row));
  if (t->rows.empty()) nearest_->addItem(tr("No published measurement is like this run."));
}

bool PlanPage::complete() const {
  const AnswerPtr a = session_.answer();
  return a && (!a->result || nearest_number_ == a->number);
}

QString PlanPage::command() const {
  const QString options = tabs_->currentIndex() == 1 ? search_->command() : QString();
  return options.isEmpty() ? Page::command() : session_.command_line(QStringLiteral("plan"), options);
}

Chart* PlanPage::chart() {
  if (tabs_->currentIndex() == 1) return &search_->chart();
  return waterfall_;
}

report::Table PlanPage::table() const {
  if (tabs_->currentIndex() == 1) return search_->layouts();
  const AnswerPtr a = session_.answer();
  return a && a->result ? a->result->waterfall : report::Table{};
}

}  // namespace sextant::gui
