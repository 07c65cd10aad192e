// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/compare_page.hpp"

#include <QListWidget>
#include <QStackedWidget>
#include <QTabBar>

#include "gui/models/cells.hpp"
#include "gui/models/table_model.hpp"
#include "gui/models/term_model.hpp"
#include "gui/session/run_edits.hpp"
#include "sim/report/compare.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

namespace {

constexpr double shown_change = 0.005;  // smaller ones round to 1.00 x
const QStringList first_choice{"H100-SXM-80GB", "H200-SXM-141GB", "B200", "A100-SXM-80GB", "H20-SXM-96GB"};

/// Low, mid and high of every row under a key.
std::vector<BandRow> bands(const report::Table& t, const std::string& key) {
  std::vector<BandRow> out;
  for (const auto& row : t.rows) {
    const double* low = number_at(row, column_of(t, key + "/low"));
    const double* mid = number_at(row, column_of(t, key + "/mid"));
    const double* high = number_at(row, column_of(t, key + "/high"));
    if (low == nullptr || mid == nullptr || high == nullptr) continue;
    out.push_back({text_at(row, 0), *low, *mid, *high, out.empty() ? 0 : 3});
  }
  return out;
}

/// The table for people with the speed and the memory of each row coloured: faster or slower than the run's own GPU,
/// fits or does not.
report::Table with_verdicts(report::Table people, const report::Table& rows) {
  for (report::Column& c : people.columns) c.key = c.title;
  people.columns.push_back({"better/speed", "", report::Unit::count});
  people.columns.push_back({"better/memory", "", report::Unit::count});
  const int speed = column_of(rows, "speed_relative");
  const int feasible = column_of(rows, "feasible");
  for (std::size_t i = 0; i < people.rows.size() && i < rows.rows.size(); ++i) {
    std::vector<report::Cell>& cells = people.rows[i];
    const double* times = number_at(rows.rows[i], speed);
    const bool* fits = std::get_if<bool>(&rows.rows[i][static_cast<std::size_t>(feasible)]);
    if (times == nullptr) continue;
    cells.emplace_back(*times > 1 + shown_change ? 1.0 : *times < 1 - shown_change ? -1.0 : 0.0);
    cells.emplace_back(fits != nullptr && !*fits ? -1.0 : 0.0);
  }
  return people;
}

RectangleChart* band_chart(const QString& title, const QString& axis, report::Unit unit, Card* card) {
  auto* chart = new RectangleChart(RectangleChart::Rows::left, card);
  chart->set_title(title);
  chart->set_unit(unit);
  chart->xAxis->setLabel(axis);
  card->content()->addWidget(chart, 1);
  return chart;
}

}  // namespace

ComparePage::ComparePage(Session& session, QWidget* parent)
    : Page(QStringLiteral("compare"), tr("Compare"), session, parent) {
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  layout->setSpacing(space::m);
  auto* pick = new Card(tr("On these GPUs"), this);
  pick_ = pick;
  pick->setFixedWidth(240);
  gpus_ = new QListWidget(pick);
  gpus_->setToolTip(tr("Space ticks a GPU. The same model, batch and layout in the nodes it is usually sold in."));
  gpus_->setAccessibleName(tr("GPUs to compare"));
  gpus_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  gpus_->setTextElideMode(Qt::ElideRight);
  pick->content()->addWidget(gpus_);
  layout->addWidget(pick);
  layout->addLayout(make_right(), 1);
  connect(&session.engine(), &Engine::compared, this, &ComparePage::take);
  connect(&session, &Session::choices_changed, this, &ComparePage::fill_gpus);
  connect(gpus_, &QListWidget::itemChanged, this, [this] {
    asked_ = 0;
    ask();
  });
}

QBoxLayout* ComparePage::make_right() {
  auto* column = new QVBoxLayout;
  column->setSpacing(space::m);
  tabs_ = new QTabBar(this);
  tabs_->addTab(tr("On other GPUs"));
  tabs_->addTab(tr("Scenario A against B"));
  tabs_->setDrawBase(false);
  tabs_->setExpanding(false);
  tabs_->setAccessibleName(tr("What to compare with"));
  column->addWidget(tabs_);
  both_ = new QStackedWidget(this);
  both_->addWidget(make_hardware());
  both_->addWidget(make_scenarios());
  column->addWidget(both_, 1);
  connect(tabs_, &QTabBar::currentChanged, this, [this](int tab) {
    both_->setCurrentIndex(tab);
    pick_->setVisible(tab == 0);
  });
  return column;
}

QWidget* ComparePage::make_hardware() {
  auto* whole = new QWidget(this);
  auto* column = new QVBoxLayout(whole);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(space::m);
  auto* speed = new Card(tr("The same work"), whole);
  speed_ = new TableView(speed);
  speed_->setFrameShape(QFrame::NoFrame);
  speed_->setAccessibleName(tr("The same work on other GPUs"));
  speed->content()->addWidget(speed_);
  column->addWidget(speed, 3);
  auto* charts = new QHBoxLayout;
  charts->setSpacing(space::m);
  auto* hours = new Card(tr("GPU-hours a trillion tokens"), whole);
  hours_ =
      band_chart(tr("GPU-hours of a trillion tokens"), tr("GPU-hours, 80 % band"), report::Unit::parameters, hours);
  auto* cost = new Card(tr("Cost of a trillion tokens, rented"), whole);
  cost_ = band_chart(tr("Cost of a trillion tokens"), tr("cost, 80 % band"), report::Unit::usd, cost);
  charts->addWidget(hours);
  charts->addWidget(cost);
  column->addLayout(charts, 3);
  notes_ = new Banner(whole);
  column->addWidget(notes_);
  return whole;
}

QWidget* ComparePage::make_scenarios() {
  auto* whole = new QWidget(this);
  auto* column = new QVBoxLayout(whole);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(space::m);
  difference_note_ = body({}, whole);
  difference_note_->setProperty("role", "muted");
  column->addWidget(difference_note_);
  tables_ = new QWidget(whole);
  auto* row = new QHBoxLayout(tables_);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(space::m);
  const auto add = [&](const QString& title, int stretch) {
    auto* card = new Card(title, tables_);
    auto* table = new TableView(card);
    table->setFrameShape(QFrame::NoFrame);
    table->setAccessibleName(title);
    table->setToolTip(tr("Enter or a double click shows formula, inputs and sources."));
    connect(table, &TableView::row_activated, this, &Page::why);
    card->content()->addWidget(table);
    row->addWidget(card, stretch);
    return table;
  };
  difference_ = add(tr("What it means"), 4);
  terms_ = add(tr("Where the step differs"), 3);
  column->addWidget(tables_, 1);
  column->addStretch();
  return whole;
}

void ComparePage::fill_gpus() {
  const QSignalBlocker quiet(gpus_);
  if (!session_.choices() || gpus_->count() > 0) return;
  for (const Choice& c : session_.choices()->gpus) {
    auto* item = new QListWidgetItem(QString::fromStdString(c.id), gpus_);
    item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
    item->setCheckState(first_choice.contains(item->text()) ? Qt::Checked : Qt::Unchecked);
    item->setToolTip(QString::fromStdString(c.title));
  }
}

void ComparePage::activate() {
  fill_gpus();
  refresh();
}

void ComparePage::refresh() {
  show_difference();
  if (isVisible()) ask();
}

void ComparePage::ask() {
  const AnswerPtr answer = session_.answer();
  if (!answer || !answer->result || answer->number == asked_ || gpus_->count() == 0) return;
  asked_ = answer->number;
  answered_ = false;
  const QByteArray now = session_.current()->text();
  QList<QByteArray> texts{now};
  const QString own = QString::fromStdString(answer->result->run.cluster.gpu.id);
  for (int i = 0; i < gpus_->count(); ++i) {
    const QListWidgetItem* item = gpus_->item(i);
    if (item->checkState() != Qt::Checked || item->text() == own) continue;
    texts.push_back(edited(now, gpu_edit(now, answer, item->text())));
  }
  session_.engine().compare(texts, session_.current()->path());
}

void ComparePage::take(const ReportPtr& made) {
  report_ = made;
  answered_ = true;
  const report::Table* rows = report::find_table(*made, "rows");
  if (rows == nullptr) return;
  for (const report::Item& item : made->items) {
    const auto* t = std::get_if<report::Table>(&item);
    if (t != nullptr && t->audience == report::Audience::people && t->title.empty()) {
      speed_->source().set_table(with_verdicts(*t, *rows));
    }
  }
  speed_->set_stretch(0);
  cost_->set_unit(shown_unit(report::Unit::usd, session_.units()));
  hours_->show_chart(band_bars(bands(*rows, "gpu_hours_per_trillion_tokens")), RectPlottable::Labels::none);
  cost_->show_chart(band_bars(bands(*rows, "cost_usd_per_trillion_tokens")), RectPlottable::Labels::none);
  QStringList notes;
  for (const report::Item& item : made->items) {
    const auto* l = std::get_if<report::List>(&item);
    if (l == nullptr || l->audience == report::Audience::programs) continue;
    for (const std::string& p : l->points) {
      const QString point = QString::fromStdString(p);
      if (!point.contains(QLatin1String(": price "))) notes.push_back(point);
    }
  }
  notes_->show_text(notes.join('\n'), Banner::Mood::neutral);
}

void ComparePage::show_difference() {
  const AnswerPtr a = session_.pinned_answer();
  const AnswerPtr b = session_.answer();
  const bool both = a && b && a->result && b->result && session_.pinned() != session_.current();
  tables_->setVisible(both);
  difference_note_->setText(both ? tr("A: %1.  B: %2.").arg(session_.pinned()->name(), session_.current()->name())
                                 : tr("Pin a scenario as A (Ctrl+B), then choose or change another: every number here "
                                      "and on the other pages shows what differs."));
  if (both && !compared_) tabs_->setCurrentIndex(1);
  compared_ = both;
  if (!both) return;
  difference_->source().set_table(report::shown_difference(a->result->headline, b->result->headline));
  difference_->set_stretch(0, 100);
  const report::Table* then = report::find_table(a->result->step, "terms");
  const report::Table* now = report::find_table(b->result->step, "terms");
  if (then == nullptr || now == nullptr) return;
  report::Table terms = term_table(*now, then, {"tag", "title", "seconds", "share"});
  for (report::Column& c : terms.columns) {
    if (c.bar) c.bar = false;
    if (c.key == "share") c.title.clear();
  }
  terms_->source().set_table(std::move(terms));
  terms_->set_stretch(0, 140);
}

QString ComparePage::command() const {
  QStringList gpus;
  for (int i = 0; i < gpus_->count(); ++i) {
    if (gpus_->item(i)->checkState() == Qt::Checked) gpus.push_back(gpus_->item(i)->text());
  }
  return session_.command_line(QStringLiteral("compare"), QStringLiteral("--gpu ") + gpus.join(','));
}

report::Table ComparePage::table() const {
  if (tabs_->currentIndex() == 1) return difference_->source().table();
  const report::Table* t = report_ ? report::find_table(*report_, "rows") : nullptr;
  return t == nullptr ? report::Table{} : *t;
}

}  // namespace sextant::gui
