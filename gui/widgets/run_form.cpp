// SPDX-License-Identifier: GPL-3.0-or-later
// The run form at work: from the run into the fields, and from the fields into edits of the run.
#include "gui/widgets/run_form.hpp"

#include <QStyle>

#include "gui/session/run_edits.hpp"
#include "gui/widgets/run_pointers.hpp"
#include "gui/widgets/taken.hpp"

namespace sextant::gui {

namespace {

void set_fault(QWidget* w, const QString& why) {
  const bool fault = !why.isEmpty();
  if (fault) w->setToolTip(why);
  if (w->property("fault").toBool() == fault) return;
  w->setProperty("fault", fault);
  w->style()->unpolish(w);
  w->style()->polish(w);
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
  if (pointer == stack_pointer) return QString::fromStdString(run.stack.id);
  return {};
}

void RunForm::refresh() {
  const Scenario* s = session_.current();
  if (s == nullptr) return;
  refreshing_ = true;
  const AnswerPtr answer = session_.answer();
  const sim::Run* run = answer && answer->result ? &answer->result->run : nullptr;
  for (const auto& [pointer, box] : {std::pair{model_pointer, model_}, {gpu_pointer, gpu_}, {stack_pointer, stack_}}) {
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
    bool number = false;
    const double value = v.toDouble(&number);
    n.field->setText(number ? amount_text(value, Amount::count) : v.toString());
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
  set_fault(stack_, why(stack_pointer));
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
