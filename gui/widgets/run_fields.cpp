// SPDX-License-Identifier: GPL-3.0-or-later
// The run form's fields: what there is to say of a run, in which words and with which editor.
#include <QCompleter>
#include <QGridLayout>
#include <QVBoxLayout>

#include "gui/session/run_edits.hpp"
#include "gui/theme/theme.hpp"
#include "gui/widgets/basics.hpp"
#include "gui/widgets/run_form.hpp"
#include "gui/widgets/run_pointers.hpp"

namespace sextant::gui {

namespace {

struct Degree {
  const char* key;
  const char* label;
  const char* tip;
};
constexpr Degree degrees[] = {
    {"tp", "tp", "Tensor parallel ranks: each layer's matrices are split over so many GPUs, usually of one node."},
    {"pp", "pp", "Pipeline stages: the layers are split over so many groups of GPUs."},
    {"vp", "vp", "Model chunks that each pipeline rank holds (interleaving)."},
    {"cp", "cp", "Context parallel ranks: each sequence is split over so many GPUs."},
    {"ep", "ep", "Expert parallel ranks: the experts are split over so many GPUs."},
    {"etp", "etp", "Tensor parallel ranks of the experts."},
    {"dp", "dp", "Data parallel ranks; left open, it is what the GPUs leave."},
};

void make_searchable(QComboBox* box) {
  box->setEditable(true);
  box->setInsertPolicy(QComboBox::NoInsert);
  box->completer()->setCompletionMode(QCompleter::PopupCompletion);
  box->completer()->setFilterMode(Qt::MatchContains);
  box->completer()->setCaseSensitivity(Qt::CaseInsensitive);
  box->setMaxVisibleItems(16);
}

}  // namespace

RunForm::RunForm(Session& session, QWidget* parent) : QScrollArea(parent), session_(session) {
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFrameShape(NoFrame);
  setFocusPolicy(Qt::NoFocus);
  inner_ = new QWidget(this);
  column_ = new QVBoxLayout(inner_);
  column_->setContentsMargins(0, 0, space::m, space::l);
  column_->setSpacing(space::xs);
  add_work();
  add_hardware();
  add_limits();
  add_software();
  add_layout();
  column_->addStretch();
  setWidget(inner_);
}

void RunForm::add_work() {
  add_title(tr("Work"));
  model_ = add_search(
      model_pointer, tr("Model"),
      tr("A model of the catalogue; type to search. Drop a Hugging Face config.json on the window for another."));
  add_amount(QStringLiteral("/goal/tokens"), tr("Tokens"), tr("Tokens of the whole run, e.g. 14.8T."), Amount::tokens,
             token_range);
  auto* batch = new QGridLayout;
  batch->setSpacing(space::xs);
  batch->addWidget(caption(tr("Tokens a sequence")), 0, 0);
  batch->addWidget(caption(tr("Sequences a step")), 0, 1);
  batch->addWidget(
      number_field(QStringLiteral("/batch/seq_len"), tr("Tokens a sequence"), tr("Tokens of one sequence.")), 1, 0);
  batch->addWidget(number_field(QStringLiteral("/batch/global_sequences"), tr("Sequences a step"),
                                tr("Sequences of one optimizer step, over all GPUs.")),
                   1, 1);
  column_->addLayout(batch);
}

void RunForm::add_hardware() {
  add_title(tr("Hardware"));
  gpu_ = add_search(gpu_pointer, tr("GPU"), tr("In the nodes and with the network it is usually sold with."));
  gpus_ = add_amount(gpus_pointer, tr("GPUs"), tr("GPUs in all. The slider stops where the layout can stay as it is."),
                     Amount::count, gpu_range);
  add_amount(QStringLiteral("/goal/usd_per_gpu_hour"), tr("Price of a GPU-hour"),
             tr("What is paid; left open, the catalogue's published prices."), Amount::usd_per_gpu_hour, price_range);
}

void RunForm::add_limits() {
  add_title(tr("Limits"));
  add_amount(QStringLiteral("/goal/deadline_days"), tr("Deadline"),
             tr("Time the run may take, e.g. 60 days or 1440 h."), Amount::days, day_range);
  add_amount(QStringLiteral("/goal/budget_usd"), tr("Budget"), tr("What the run may cost, e.g. $5.6M or ¥40M."),
             Amount::usd, budget_range);
}

void RunForm::add_software() {
  add_title(tr("Software"));
  stack_ = add_search(stack_pointer, tr("Stack"),
                      tr("The training software, with what it fuses, overlaps and shards by default."));
  add_choice(QStringLiteral("/precision"), tr("Precision"), tr("Number format of the matrix products."),
             {"bf16", "fp16", "fp8", "fp8-blockwise", "mxfp8", "nvfp4"});
  add_choice(QStringLiteral("/recompute/mode"), tr("Recompute"),
             tr("What the backward pass computes again to save memory."), {"none", "selective", "full", "block"});
}

void RunForm::add_layout() {
  add_title(tr("Layout"));
  add_degrees();
  add_choice(QStringLiteral("/parallelism/schedule"), tr("Schedule"),
             tr("Order of forward and backward passes in the pipeline."),
             {"gpipe", "1f1b", "interleaved", "zb-h1", "zbv", "dualpipe", "dualpipe-v"});
  add_choice(QStringLiteral("/parallelism/sharding"), tr("Sharding"),
             tr("What data-parallel ranks split: optimizer (zero1), gradients too (zero2), weights too (zero3)."),
             {"none", "zero1", "zero2", "zero3", "hsdp"});
}

/// A list of the catalogue that narrows while one types.
QComboBox* RunForm::add_search(const QString& pointer, const QString& label, const QString& tip) {
  auto* box = new QComboBox(inner_);
  make_searchable(box);
  add_row(label, tip, box);
  connect(box, &QComboBox::activated, this, [this, pointer, box] { choose(pointer, box); });
  connect(box->lineEdit(), &QLineEdit::editingFinished, this, [this, pointer, box] { choose(pointer, box); });
  return box;
}

void RunForm::add_title(const QString& text) {
  column_->addSpacing(space::s);
  column_->addWidget(heading(text, inner_));
}

QWidget* RunForm::add_row(const QString& label, const QString& tip, QWidget* editor) {
  auto* name = caption(label, inner_);
  name->setBuddy(editor);
  name->setToolTip(tip);
  editor->setToolTip(tip);
  editor->setAccessibleName(label);
  column_->addWidget(name);
  column_->addWidget(editor);
  return editor;
}

LogField* RunForm::add_amount(const QString& pointer, const QString& label, const QString& tip, Amount kind,
                              Range range) {
  auto* field = new LogField(kind, range, inner_);
  add_row(label, tip, field);
  field->field()->setAccessibleName(label);
  field->slider()->setAccessibleName(tr("%1, slider").arg(label));
  field->setObjectName(pointer);
  amounts_.emplace_back(pointer, field);
  const auto set = [this, pointer, label](double value, const QString& key) {
    const AnswerPtr answer = session_.answer();
    if (session_.current() == nullptr) return;
    if (pointer == gpus_pointer) {
      session_.edit(label, gpus_edit(session_.current()->text(), answer, static_cast<int>(value)), key);
    } else {
      session_.edit(label, {{pointer, value}}, key);
    }
  };
  connect(field, &LogField::dragged, this, [set, pointer](double v) { set(v, pointer); });
  connect(field, &LogField::typed, this, [set](double v) { set(v, {}); });
  connect(field, &LogField::cleared, this, [this, pointer, label] {
    if (pointer != gpus_pointer) session_.edit(label, {{pointer, {}}});
  });
  connect(field, &LogField::released, this, [this] {
    if (session_.current() != nullptr) session_.current()->end_merging();
  });
  return field;
}

QComboBox* RunForm::add_choice(const QString& pointer, const QString& label, const QString& tip,
                               const QStringList& words) {
  auto* box = new QComboBox(inner_);
  box->addItem(automatic);
  box->addItems(words);
  box->setObjectName(pointer);
  add_row(label, tip, box);
  choices_.push_back({pointer, box});
  connect(box, &QComboBox::activated, this, [this, pointer, box, label](int index) {
    session_.edit(label, {{pointer, index == 0 ? QVariant() : QVariant(box->itemText(index))}});
  });
  return box;
}

QLineEdit* RunForm::number_field(const QString& pointer, const QString& label, const QString& tip) {
  auto* field = new QLineEdit(inner_);
  field->setToolTip(tip);
  field->setAccessibleName(label);
  field->setObjectName(pointer);
  numbers_.push_back({pointer, field});
  connect(field, &QLineEdit::editingFinished, this, [this, pointer, field] { set_number(pointer, field); });
  return field;
}

void RunForm::add_degrees() {
  auto* grid = new QGridLayout;
  grid->setSpacing(space::xs);
  int column = 0;
  int row = 0;
  for (const Degree& d : degrees) {
    const QString pointer = QStringLiteral("/parallelism/") + QLatin1String(d.key);
    QLineEdit* field = number_field(pointer, QLatin1String(d.label), QLatin1String(d.tip));
    auto* label = caption(QLatin1String(d.label), inner_);
    label->setToolTip(QLatin1String(d.tip));
    grid->addWidget(label, row, column);
    grid->addWidget(field, row + 1, column);
    if (++column == 4) {
      column = 0;
      row += 2;
    }
  }
  auto* label = caption(QStringLiteral("micro"), inner_);
  grid->addWidget(label, row, column);
  grid->addWidget(number_field(QStringLiteral("/batch/micro_sequences"), tr("Micro-batch"),
                               tr("Sequences that one rank works on at a time.")),
                  row + 1, column);
  column_->addLayout(grid);
}

}  // namespace sextant::gui
