// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/layout_search.hpp"

#include <QComboBox>
#include <map>

#include "gui/models/table_model.hpp"
#include "gui/session/run_edits.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

namespace {

constexpr int most_verdicts = 3;

const report::Cell& cell(const report::Table& t, const std::vector<report::Cell>& row, const char* key) {
  return row[static_cast<std::size_t>(column_of(t, key))];
}

QString shown(const report::Table& t, const std::vector<report::Cell>& row, const char* key) {
  const auto at = static_cast<std::size_t>(column_of(t, key));
  return cell_text(row[at], t.columns[at].unit);
}

/// By number of GPUs: circles, squares...; layouts that another one beats in time and money are hollow.
std::vector<PointGroup> groups_of(const report::Table& t) {
  std::map<double, PointGroup> beaten, best;
  for (const auto& row : t.rows) {
    const double* gpus = std::get_if<double>(&cell(t, row, "gpus"));
    const double* days = std::get_if<double>(&cell(t, row, "days"));
    const double* cost = std::get_if<double>(&cell(t, row, "cost_usd"));
    if (cost == nullptr) cost = std::get_if<double>(&cell(t, row, "gpu_hours"));
    const bool* front = std::get_if<bool>(&cell(t, row, "front"));
    if (gpus == nullptr || days == nullptr || cost == nullptr || front == nullptr) continue;
    Point p{*days, *cost, *cost, *cost, {}, shown(t, row, "id")};
    p.hint = QObject::tr("%1 GPUs, %2\n%3\n%4, MFU %5, %6 free\nClick to take it")
                 .arg(shown(t, row, "gpus"), shown(t, row, "layout"), shown(t, row, "recompute"), shown(t, row, "days"),
                      shown(t, row, "mfu"), shown(t, row, "memory_headroom_gb"));
    (*front ? best : beaten)[*gpus].points.push_back(std::move(p));
  }
  std::map<double, int> number;
  for (const auto& [gpus, group] : beaten) number[gpus] = 0;
  for (const auto& [gpus, group] : best) number[gpus] = 0;
  int next = 0;
  for (auto& [gpus, n] : number) n = next++;
  std::vector<PointGroup> out;
  for (auto* groups : {&beaten, &best}) {
    for (auto& [gpus, group] : *groups) {
      group.hollow = groups == &beaten;
      group.colour = group.shape = number[gpus];
      group.name = QObject::tr("%1 GPUs").arg(QString::fromStdString(report::grouped(gpus)));
      // One legend entry a size: the filled one where there is one.
      if (group.hollow && best.contains(gpus)) group.name.clear();
      out.push_back(std::move(group));
    }
  }
  return out;
}

}  // namespace

LayoutSearch::LayoutSearch(Session& session, QWidget* parent) : QWidget(parent), session_(session) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(space::s);
  auto* row = new QHBoxLayout;
  go_ = new QPushButton(tr("Search layouts"), this);
  go_->setProperty("primary", true);
  go_->setToolTip(tr("Tries every layout of this model, batch and stack (Ctrl+L)"));
  go_->setShortcut(QKeySequence(tr("Ctrl+L")));
  range_ = new QComboBox(this);
  range_->addItem(tr("on these GPUs"), 0);
  range_->addItem(tr("half to twice as many"), 1);
  range_->addItem(tr("1/4 to 4 times as many"), 2);
  range_->addItem(tr("1/8 to 8 times as many"), 3);
  range_->setCurrentIndex(1);
  range_->setAccessibleName(tr("Numbers of GPUs to search"));
  objective_ = new QComboBox(this);
  objective_->addItem(tr("cheapest"), false);
  objective_->addItem(tr("fastest"), true);
  objective_->setToolTip(tr("What is asked for, within the deadline and the budget at the left."));
  objective_->setAccessibleName(tr("What to search for"));
  progress_ = new QProgressBar(this);
  progress_->setTextVisible(false);
  progress_->hide();
  note_ = caption({}, this);
  row->addWidget(go_);
  row->addWidget(objective_);
  row->addWidget(range_);
  row->addWidget(progress_, 1);
  row->addStretch();
  row->addWidget(note_);
  column->addLayout(row);
  verdict_ = new Banner(this);
  column->addWidget(verdict_);
  chart_ = new ScatterChart(this);
  chart_->set_title(tr("Layouts by time and cost"));
  chart_->set_axes(tr("time of the run"), report::Unit::days, tr("cost of the run"), report::Unit::usd, false);
  chart_->set_empty_text(tr("Search to see what other layouts\nand numbers of GPUs would take."));
  auto* both = new QHBoxLayout;
  both->setSpacing(space::m);
  both->addWidget(chart_, 1);
  table_ = new TableView(this);
  table_->setFrameShape(QFrame::NoFrame);
  table_->setToolTip(tr("Enter or a double click takes the layout; undo brings the old one back."));
  table_->setAccessibleName(tr("Layouts"));
  both->addWidget(table_, 2);
  column->addLayout(both, 1);
  table_->hide();
  connect(go_, &QPushButton::clicked, this, [this] { running_ ? stop() : start(); });
  connect(&session.engine(), &Engine::layouts_found, this, &LayoutSearch::take);
  connect(&session.engine(), &Engine::search_progress, this, [this](std::uint64_t number, int percent) {
    if (number == number_ && running_) progress_->setValue(percent);
  });
  connect(chart_, &ScatterChart::point_clicked, this, &LayoutSearch::take_layout);
  connect(&session, &Session::units_changed, this, [this] {
    if (found_) start();
  });
  connect(table_, &TableView::row_selected, chart_, &ScatterChart::mark);
  connect(table_, &TableView::row_activated, this, &LayoutSearch::take_layout);
}

void LayoutSearch::start() {
  const AnswerPtr answer = session_.answer();
  if (!answer || !answer->result) return note_->setText(tr("This run cannot be evaluated; mend it first."));
  ++number_;
  show_state(true);
  progress_->setRange(0, 100);
  progress_->setValue(0);
  note_->clear();
  session_.engine().search_layouts(answer,
                                   {number_, range_->currentData().toInt(), objective_->currentData().toBool()});
}

void LayoutSearch::stop() {
  session_.engine().cancel_search();
  show_state(false);
  note_->setText(found_ && found_->number == number_ ? tr("stopped; what was found stays") : tr("stopped"));
}

void LayoutSearch::show_state(bool running) {
  running_ = running;
  go_->setText(running ? tr("Cancel") : tr("Search layouts"));
  progress_->setVisible(running);
}

QString LayoutSearch::command() const {
  return found_ && found_->faults.empty() ? QString::fromStdString(found_->command) : QString();
}

void LayoutSearch::take(const FoundPtr& found) {
  if (found->number != number_ || !running_) return;
  if (found->percent >= 100) show_state(false);
  if (!found->faults.empty()) {
    return verdict_->show_text(QString::fromStdString(found->faults.text()).trimmed(), Banner::Mood::bad);
  }
  found_ = found;
  layouts_ = found->layouts;
  const report::Figure* considered = report::find_figure(found->plan.report, "candidates");
  note_->setText(
      considered == nullptr
          ? QString()
          : tr("%1 configurations").arg(QString::fromStdString(report::format(considered->value, considered->unit))));
  show_verdicts();
  draw();
}

void LayoutSearch::show_verdicts() {
  QStringList lines;
  auto mood = Banner::Mood::good;
  for (const report::Item& item : found_->sentences.items) {
    const auto* v = std::get_if<report::Verdict>(&item);
    if (v == nullptr) continue;
    // While the search goes on, what there is may still be beaten.
    if (v->mood == report::Verdict::Mood::bad) mood = running_ ? Banner::Mood::neutral : Banner::Mood::bad;
    lines.push_back(QString::fromStdString(v->text));
  }
  if (running_) mood = Banner::Mood::neutral;
  verdict_->show_text(lines.mid(0, most_verdicts).join('\n'), mood);
  verdict_->setToolTip(lines.join('\n'));
}

void LayoutSearch::draw() {
  chart_->set_empty_text(layouts_.rows.empty() ? tr("No layout fits on these GPUs.") : QString());
  chart_->show_points(groups_of(layouts_), {});
  // Without a price the axis counts GPU-hours.
  const bool priced =
      !layouts_.rows.empty() && std::holds_alternative<double>(cell(layouts_, layouts_.rows.front(), "cost_usd"));
  const report::DisplayUnits units = session_.units();
  chart_->set_axes(tr("time of the run"), shown_unit(report::Unit::days, units),
                   priced ? tr("cost of the run") : tr("GPU-hours of the run"),
                   priced ? shown_unit(report::Unit::usd, units) : report::Unit::parameters, false);
  table_->setVisible(!layouts_.rows.empty());
  report::Table shown_table = layouts_;
  shown_table.columns[static_cast<std::size_t>(column_of(layouts_, "step_time_s"))].title.clear();
  table_->source().set_table(std::move(shown_table));
  table_->set_stretch(table_->source().shown_column("layout"), 132);
}

void LayoutSearch::take_layout(const QString& id) {
  if (session_.current() == nullptr) return;
  const QList<Edit> edits = layout_edit(session_.current()->text(), session_.answer(), layouts_, id);
  if (!edits.isEmpty()) session_.edit(tr("Layout"), edits);
}

}  // namespace sextant::gui
