// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/memory_page.hpp"

#include <QSplitter>

#include "gui/models/term_model.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/memory_table.hpp"

namespace sextant::gui {

namespace {

/// Classes with the term that explains most of each.
const std::vector<StackLayer> classes{{"weights", "memory/weights"},
                                      {"gradients", "memory/gradients"},
                                      {"optimizer", "memory/optimizer"},
                                      {"activations", "memory/activations/layers"},
                                      {"buffers", "memory/buffers/workspace"}};

}  // namespace

MemoryPage::MemoryPage(Session& session, QWidget* parent)
    : Page(QStringLiteral("memory"), tr("Memory"), session, parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  layout->setSpacing(space::m);
  banner_ = new Banner(this);
  layout->addWidget(banner_);
  auto* row = new QHBoxLayout;
  row->setSpacing(space::m);
  auto* stacks = new Card(tr("Memory of each pipeline rank"), this);
  stacks_ = new RectangleChart(RectangleChart::Rows::below, stacks);
  stacks_->set_title(tr("Memory of each pipeline rank by class"));
  stacks_->set_unit(report::Unit::gigabytes);
  stacks_->name_axes(tr("pipeline rank"), tr("memory of one GPU"));
  std::vector<std::pair<int, QString>> legend;
  for (const StackLayer& c : classes)
    legend.emplace_back(static_cast<int>(legend.size()), QString::fromStdString(c.column));
  stacks_->set_legend(legend);
  connect(stacks_, &Chart::tag_clicked, this, &Page::why);
  stacks->content()->addWidget(stacks_, 1);
  row->addWidget(stacks, 1);
  terms_card_ = new Card(tr("Fullest GPU"), this);
  terms_ = new TableView(terms_card_);
  terms_->setFrameShape(QFrame::NoFrame);
  terms_->setAccessibleName(tr("Memory of the fullest GPU by term"));
  terms_->setToolTip(tr("Terms that add up to the memory. Enter or a double click shows formula, inputs and sources."));
  connect(terms_, &TableView::row_activated, this, &Page::why);
  terms_card_->content()->addWidget(terms_);
  auto* right = new QSplitter(Qt::Vertical, this);
  right->setHandleWidth(space::m);
  right->addWidget(terms_card_);
  auto* ranks = new Card(tr("Pipeline ranks"), right);
  ranks_ = new TableView(ranks);
  ranks_->setFrameShape(QFrame::NoFrame);
  ranks_->setAccessibleName(tr("Memory of each pipeline rank by class"));
  ranks_->setToolTip(tr("Memory of one GPU of each pipeline rank."));
  ranks->content()->addWidget(ranks_);
  right->addWidget(ranks);
  right->setStretchFactor(0, 3);
  right->setStretchFactor(1, 2);
  row->addWidget(right, 1);
  layout->addLayout(row, 1);
}

void MemoryPage::refresh() {
  const AnswerPtr answer = session_.answer();
  if (!answer || !answer->result) return;
  const Evaluated& e = *answer->result;
  const report::Table* stages = report::find_table(e.step, "memory_gb/per_stage");
  const report::Figure* capacity = report::find_figure(e.step, "memory_gb/capacity");
  if (stages == nullptr || capacity == nullptr) return;
  const QString has = QString::fromStdString(report::format(capacity->value, capacity->unit));
  stacks_->set_limit(capacity->value, tr("%1 has %2").arg(QString::fromStdString(e.run.cluster.gpu.id), has));
  stacks_->show_chart(stacked_columns(*stages, classes), RectPlottable::Labels::none);
  const AnswerPtr pinned = session_.compared_answer();
  const bool compare = pinned != nullptr;
  show_ranks(*stages, compare ? &*pinned->result : nullptr);
  const report::Table then = compare ? report::memory_table(pinned->result->prediction.memory) : report::Table{};
  terms_->source().set_table(term_table(report::memory_table(e.prediction.memory), compare ? &then : nullptr,
                                        {"tag", "title", "gb", "share"}));
  terms_->set_stretch(0, 140);
  terms_card_->set_title(tr("Fullest GPU, pipeline rank %1").arg(e.prediction.memory.worst));
  QString trouble;
  for (const report::Item& item : e.headline.items) {
    const auto* v = std::get_if<report::Verdict>(&item);
    if (v != nullptr && v->text.starts_with("Infeasible")) trouble += QString::fromStdString(v->text) + '\n';
  }
  banner_->show_text(trouble.trimmed(), Banner::Mood::bad);
}

void MemoryPage::show_ranks(const report::Table& stages, const Evaluated* pinned) {
  std::vector<report::ComparedColumn> compared{{"total", "gb"}};
  for (const StackLayer& c : classes) compared.push_back({c.column, "gb"});
  const report::Table* then = pinned == nullptr ? nullptr : report::find_table(pinned->step, "memory_gb/per_stage");
  report::Table t = then == nullptr ? stages : with_differences(*then, stages, "stage", compared);
  for (report::Column& c : t.columns) {
    if (c.key == "stage") c.title = "rank";
    if (c.title.empty() && c.unit == report::Unit::gigabytes) c.title = c.key;
  }
  ranks_->source().set_table(std::move(t));
  ranks_->set_stretch(0, 48);
}

report::Table MemoryPage::table() const {
  const AnswerPtr a = session_.answer();
  if (!a || !a->result) return {};
  const report::Table* t = report::find_table(a->result->step, "memory_gb/per_stage");
  return t == nullptr ? report::Table{} : *t;
}

}  // namespace sextant::gui
