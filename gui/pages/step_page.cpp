// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/step_page.hpp"

#include <QSplitter>
#include <array>

#include "gui/models/term_model.hpp"
#include "sim/report/difference.hpp"

namespace sextant::gui {

StepPage::StepPage(Session& session, QWidget* parent) : Page(QStringLiteral("step"), tr("Step"), session, parent) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(space::l, space::m, space::l, space::m);
  auto* split = new QSplitter(Qt::Vertical, this);
  split->setHandleWidth(space::m);
  auto* top = new QSplitter(Qt::Horizontal, split);
  top->setHandleWidth(space::m);
  terms_card_ = new Card(tr("Where the step goes"), top);
  terms_ = new TableView(terms_card_);
  terms_->setFrameShape(QFrame::NoFrame);
  terms_->setToolTip(tr("Terms that add up to the step. Enter or a double click shows formula, inputs and sources."));
  terms_->setAccessibleName(tr("Terms of the step"));
  connect(terms_, &TableView::row_activated, this, &Page::why);
  terms_card_->content()->addWidget(terms_);
  auto* ranks = new Card(tr("Pipeline ranks"), top);
  ranks_ = new TableView(ranks);
  ranks_->setFrameShape(QFrame::NoFrame);
  ranks_->setAccessibleName(tr("Pipeline ranks"));
  ranks_->setToolTip(tr("What each pipeline rank does with the time; bubble: it waits."));
  connect(ranks_, &TableView::row_activated, this, [this] { Q_EMIT why(QStringLiteral("step/pipeline/bubble")); });
  ranks->content()->addWidget(ranks_);
  top->addWidget(terms_card_);
  top->addWidget(ranks);
  top->setStretchFactor(0, 3);
  top->setStretchFactor(1, 2);

  gantt_card_ = new Card(tr("The pipeline"), split);
  note_ = caption({}, gantt_card_);
  gantt_card_->head()->addWidget(note_);
  streams_ = new QPushButton(tr("Streams"), gantt_card_);
  streams_->setCheckable(true);
  streams_->setToolTip(tr("Expert exchange and sends in rows of their own."));
  gantt_card_->head()->addWidget(streams_);
  connect(streams_, &QPushButton::toggled, this, &StepPage::draw);
  auto* all = new QPushButton(tr("Show everything"), gantt_card_);
  all->setToolTip(tr(
      "Zoom with the wheel or + and −, move with the mouse or the left and right keys, 0 shows everything. A click, or "
      "up, down and Enter, shows where a slice comes from."));
  gantt_card_->head()->addWidget(all);
  gantt_ = new RectangleChart(RectangleChart::Rows::left, gantt_card_);
  gantt_->set_title(tr("Pipeline of one step, rank by rank"));
  gantt_->set_zoomable(true);
  gantt_->set_unit(report::Unit::seconds);
  gantt_->xAxis->setLabel(tr("time since the step began"));
  gantt_->set_legend({{0, tr("forward")},
                      {1, tr("backward")},
                      {2, tr("weight gradient")},
                      {4, tr("forward and backward")},
                      {3, tr("expert exchange")},
                      {6, tr("send")},
                      {5, tr("end of step")}});
  connect(all, &QPushButton::clicked, gantt_, &RectangleChart::show_everything);
  connect(gantt_, &Chart::tag_clicked, this, &Page::why);
  gantt_card_->content()->addWidget(gantt_, 1);
  split->addWidget(top);
  split->addWidget(gantt_card_);
  split->setStretchFactor(0, 2);
  split->setStretchFactor(1, 3);
  layout->addWidget(split);
  connect(&session.engine(), &Engine::drawn, this, &StepPage::take);
}

void StepPage::refresh() {
  const AnswerPtr answer = session_.answer();
  if (!answer || !answer->result) return;
  const AnswerPtr pinned = session_.compared_answer();
  const report::Table* now = report::find_table(answer->result->step, "terms");
  const report::Table* then = pinned ? report::find_table(pinned->result->step, "terms") : nullptr;
  if (now == nullptr) return;
  terms_->source().set_table(term_table(*now, then, {"tag", "title", "seconds", "share"}));
  terms_->set_stretch(0);
  if (drawn_ != answer->number) session_.engine().draw(answer);
  if (pinned && (!pinned_ || pinned_->number != pinned->number)) session_.engine().draw_pinned(pinned);
  show_ranks();
}

void StepPage::show_ranks() {
  const report::Table* now = picture_ ? report::find_table(picture_->ranks, "ranks") : nullptr;
  if (now == nullptr) return;
  const AnswerPtr a = session_.compared_answer();
  const bool compare = a && pinned_ && pinned_->number == a->number;
  const report::Table* then = compare ? report::find_table(pinned_->ranks, "ranks") : nullptr;
  static constexpr std::array<report::ComparedColumn, 4> compared{
      {{"busy_s", "seconds"}, {"bubble_s", "seconds"}, {"bubble_share", "seconds"}, {"in_flight"}}};
  ranks_->source().set_table(then == nullptr ? *now : with_differences(*then, *now, "rank", compared));
  ranks_->set_stretch(0);
}

void StepPage::take(const PicturePtr& picture) {
  const AnswerPtr answer = session_.answer();
  const AnswerPtr a = session_.compared_answer();
  if (a && picture->number == a->number) {
    pinned_ = picture;
    return show_ranks();
  }
  if (!answer || picture->number != answer->number) return;
  drawn_ = picture->number;
  picture_ = picture;
  show_ranks();
  draw();
  gantt_->set_empty_text(picture->trace.slices.empty() ? tr("This schedule cannot run these micro-batches; try 1f1b.")
                                                       : QString());
  QStringList about;
  for (const auto& [key, value] : picture->trace.about) {
    if (key == "layout" || key == "micro-batches") about.push_back(QString::fromStdString(value));
  }
  note_->setText(about.join(QStringLiteral("; micro-batches: ")));
}

void StepPage::draw() {
  if (picture_) gantt_->show_chart(gantt_rows(picture_->trace, streams_->isChecked()), RectPlottable::Labels::inside);
}

bool StepPage::complete() const {
  const AnswerPtr a = session_.answer();
  return a && (!a->result || drawn_ == a->number);
}

report::Table StepPage::table() const { return terms_->source().table(); }

}  // namespace sextant::gui
