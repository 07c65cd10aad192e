// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/run_form.hpp"

#include <QCompleter>
#include <QGridLayout>
#include <QStyle>
#include <QVBoxLayout>

#include "gui/session/run_edits.hpp"
#include "gui/theme/theme.hpp"
#include "gui/widgets/basics.hpp"
#include "gui/widgets/taken.hpp"

namespace sextant::gui {

namespace {

const QString model_pointer = QStringLiteral("/model");
const QString gpu_pointer = QStringLiteral("/cluster/gpu");
const QString gpus_pointer = QStringLiteral("/cluster/gpus");
const QString automatic = QStringLiteral("auto");

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

void set_fault(QWidget* w, const QString& why) {
  const bool fault = !why.isEmpty();
  if (fault) w->setToolTip(why);
  if (w->property("fault").toBool() == fault) return;
  w->setProperty("fault", fault);
  w->style()->unpolish(w);
  w->style()->polish(w);
}

void make_searchable(QComboBox* box) {
  box->setEditable(true);
  box->setInsertPolicy(QComboBox::NoInsert);
  box->completer()->setCompletionMode(QCompleter::PopupCompletion);
  box->completer()->setFilterMode(Qt::MatchContains);
  box->completer()->setCaseSensitivity(Qt::CaseInsensitive);
  box->setMaxVisibleItems(16);
}

void fill(QComboBox* box, const std::vector<Choice>& choices) {
  const QString text = box->currentText();
  box->clear();
  for (const Choice& c : choices) {
    box->addItem(QString::fromStdString(c.id), QString::fromStdString(c.id));
    box->setItemData(box->count() - 1, QString::fromStdString(c.title), Qt::ToolTipRole);
  }
  box->setCurrentIndex(-1);
  box->setEditText(text);
}

QString shown_value(const QVariant& v) {
  if (v.typeId() == QMetaType::QVariantMap) {
    const QVariantMap map = v.toMap();
    for (const char* key : {"hf_config", "name", "id", "base"}) {
      if (map.contains(QLatin1String(key))) return map.value(QLatin1String(key)).toString();
    }
    return QStringLiteral("as stated in the file");
  }
  return v.toString();
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

  add_title(tr("Work"));
  model_ = new QComboBox(inner_);
  make_searchable(model_);
  add_row(tr("Model"),
          tr("A model of the catalogue; type to search. Drop a Hugging Face config.json on the window for another."),
          model_);
  connect(model_, &QComboBox::activated, this, [this] { choose(model_pointer, model_); });
  connect(model_->lineEdit(), &QLineEdit::editingFinished, this, [this] { choose(model_pointer, model_); });
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

  add_title(tr("Hardware"));
  gpu_ = new QComboBox(inner_);
  make_searchable(gpu_);
  add_row(tr("GPU"), tr("In the nodes and with the network it is usually sold with."), gpu_);
  connect(gpu_, &QComboBox::activated, this, [this] { choose(gpu_pointer, gpu_); });
  connect(gpu_->lineEdit(), &QLineEdit::editingFinished, this, [this] { choose(gpu_pointer, gpu_); });
  gpus_ = add_amount(gpus_pointer, tr("GPUs"), tr("GPUs in all. The slider stops where the layout can stay as it is."),
                     Amount::count, gpu_range);
  add_amount(QStringLiteral("/goal/usd_per_gpu_hour"), tr("Price of a GPU-hour"),
             tr("What is paid; left open, the catalogue's published prices."), Amount::usd_per_gpu_hour, price_range);

  add_title(tr("Limits"));
  add_amount(QStringLiteral("/goal/deadline_days"), tr("Deadline"),
             tr("Time the run may take, e.g. 60 days or 1440 h."), Amount::days, day_range);
  add_amount(QStringLiteral("/goal/budget_usd"), tr("Budget"), tr("What the run may cost, e.g. $5.6M or ¥40M."),
             Amount::usd, budget_range);

  add_title(tr("Software"));
  stack_ = new QComboBox(inner_);
  make_searchable(stack_);
  add_row(tr("Stack"), tr("The training software, with what it fuses, overlaps and shards by default."), stack_);
  connect(stack_, &QComboBox::activated, this, [this] { choose(QStringLiteral("/stack"), stack_); });
  connect(stack_->lineEdit(), &QLineEdit::editingFinished, this, [this] { choose(QStringLiteral("/stack"), stack_); });
  add_choice(QStringLiteral("/precision"), tr("Precision"), tr("Number format of the matrix products."),
             {"bf16", "fp16", "fp8", "fp8-blockwise", "mxfp8", "nvfp4"});
  add_choice(QStringLiteral("/recompute/mode"), tr("Recompute"),
             tr("What the backward pass computes again to save memory."), {"none", "selective", "full", "block"});

  add_title(tr("Layout"));
  add_degrees();
  add_choice(QStringLiteral("/parallelism/schedule"), tr("Schedule"),
             tr("Order of forward and backward passes in the pipeline."),
             {"gpipe", "1f1b", "interleaved", "zb-h1", "zbv", "dualpipe", "dualpipe-v"});
  add_choice(QStringLiteral("/parallelism/sharding"), tr("Sharding"),
             tr("What data-parallel ranks split: optimizer (zero1), gradients too (zero2), weights too (zero3)."),
             {"none", "zero1", "zero2", "zero3", "hsdp"});
  column_->addStretch();
  setWidget(inner_);
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

void RunForm::set_number(const QString& pointer, QLineEdit* field) {
  if (refreshing_ || !field->isModified()) return;
  field->setModified(false);
  const QString text = field->text().trimmed();
  if (text.isEmpty() || text == automatic) return session_.edit(field->accessibleName(), degree_edit(pointer, {}));
  const auto value = parse_amount(text, Amount::count);
  if (!value) return set_fault(field, tr("\"%1\" is no number").arg(text));
  session_.edit(field->accessibleName(), degree_edit(pointer, *value));
}

void RunForm::choose(const QString& pointer, QComboBox* box) {
  const QString text = box->currentText().trimmed();
  if (refreshing_ || text.isEmpty() || session_.current() == nullptr || text == chosen(pointer)) return;
  if (pointer == gpu_pointer) {
    session_.edit(tr("GPU"), gpu_edit(session_.current()->text(), session_.answer(), text));
  } else {
    session_.edit(box->accessibleName(), {{pointer, text}});
  }
}

/// What stands in the run, or what the simulator took where the run names something larger.
QString RunForm::chosen(const QString& pointer) const {
  const Scenario* s = session_.current();
  if (s == nullptr) return {};
  const QVariant stated = s->value(pointer);
  if (stated.isValid()) return shown_value(stated);
  const AnswerPtr a = session_.answer();
  if (!a || !a->result) return {};
  const sim::Run& run = a->result->run;
  if (pointer == gpu_pointer) return QString::fromStdString(run.cluster.gpu.id);
  if (pointer == QLatin1String("/stack")) return QString::fromStdString(run.stack.id);
  return {};
}

void RunForm::refresh() {
  const Scenario* s = session_.current();
  if (s == nullptr) return;
  refreshing_ = true;
  const AnswerPtr answer = session_.answer();
  const sim::Run* run = answer && answer->result ? &answer->result->run : nullptr;
  for (const auto& [pointer, box] :
       {std::pair{model_pointer, model_}, {gpu_pointer, gpu_}, {QStringLiteral("/stack"), stack_}}) {
    if (!box->lineEdit()->isModified() || !box->hasFocus()) {
      if (box->currentText() != chosen(pointer)) box->setEditText(chosen(pointer));
      box->lineEdit()->setCursorPosition(0);
    }
  }
  for (const auto& [pointer, field] : amounts_) {
    QVariant v = s->value(pointer);
    if (!v.isValid() && pointer == gpus_pointer && run != nullptr) v = run->cluster.gpus;
    field->set_units(session_.units());
    field->show_value(v.isValid() ? std::optional(v.toDouble()) : std::nullopt,
                      pointer.contains(QLatin1String("tokens")) ? tr("not stated: a trillion") : tr("not stated"));
  }
  if (run != nullptr) gpus_->set_allowed(answer->result->gpu_counts);
  for (const Number& n : numbers_) {
    if (n.field->hasFocus() && n.field->isModified()) continue;
    const QVariant v = s->value(n.pointer);
    n.field->setText(v.isValid() ? v.toString() : QString());
    n.field->setPlaceholderText(run != nullptr ? taken(*run, n.pointer) : QString());
  }
  for (const Choice& c : choices_) {
    const QVariant v = s->value(c.pointer);
    c.box->setItemText(0, run == nullptr || v.isValid() ? automatic : tr("auto: %1").arg(taken(*run, c.pointer)));
    const int index = v.isValid() ? c.box->findText(v.toString(), Qt::MatchFixedString) : 0;
    c.box->setCurrentIndex(index);
  }
  mark_faults();
  refreshing_ = false;
}

void RunForm::mark_faults() {
  const AnswerPtr answer = session_.answer();
  const auto why = [&](const QString& pointer) {
    QString text;
    if (!answer) return text;
    for (const Diagnostic& d : answer->faults.list()) {
      const QString at = QString::fromStdString(d.pointer);
      if (at == pointer || (!at.isEmpty() && at.startsWith(pointer + '/'))) {
        text += QString::fromStdString(d.message + (d.hint.empty() ? "" : "; " + d.hint)) + '\n';
      }
    }
    return text.trimmed();
  };
  for (const Number& n : numbers_) set_fault(n.field, why(n.pointer));
  for (const Choice& c : choices_) set_fault(c.box, why(c.pointer));
  set_fault(model_, why(model_pointer));
  set_fault(gpu_, why(gpu_pointer));
  set_fault(stack_, why(QStringLiteral("/stack")));
}

void RunForm::refresh_choices() {
  const auto& all = session_.choices();
  if (!all) return;
  refreshing_ = true;
  fill(model_, all->models);
  fill(gpu_, all->gpus);
  fill(stack_, all->stacks);
  refreshing_ = false;
  refresh();
}

void RunForm::focus_pointer(const QString& pointer) {
  for (const Number& n : numbers_) {
    if (n.pointer == pointer) return n.field->setFocus();
  }
  for (const Choice& c : choices_) {
    if (c.pointer == pointer) return c.box->setFocus();
  }
  for (const auto& [at, field] : amounts_) {
    if (at == pointer) return field->setFocus();
  }
  model_->setFocus();
}

}  // namespace sextant::gui
