// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/log_field.hpp"

#include <QBoxLayout>
#include <QSignalBlocker>
#include <QStyle>

#include "gui/theme/theme.hpp"

namespace sextant::gui {

namespace {

constexpr int slider_steps = 1000;

void set_property(QWidget* w, const char* name, bool on) {
  if (w->property(name).toBool() == on) return;
  w->setProperty(name, on);
  w->style()->unpolish(w);
  w->style()->polish(w);
}

}  // namespace

LogField::LogField(Amount kind, Range range, QWidget* parent)
    : QWidget(parent), kind_(kind), scale_(range.low, range.high, slider_steps) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(2);
  field_ = new QLineEdit(this);
  slider_ = new QSlider(Qt::Horizontal, this);
  slider_->setRange(0, slider_steps);
  slider_->setPageStep(50);
  slider_->setSingleStep(10);
  slider_->setFixedHeight(18);
  layout->addWidget(field_);
  layout->addWidget(slider_);
  setFocusProxy(field_);
  connect(field_, &QLineEdit::editingFinished, this, &LogField::read_field);
  connect(slider_, &QSlider::valueChanged, this, [this](int position) {
    const double value =
        allowed_.empty() ? rounded(scale_.value(position)) : nearest_of(allowed_, scale_.value(position));
    if (shown_ && value == *shown_) return;
    shown_ = value;
    field_->setText(amount_text(value, kind_, units_));
    Q_EMIT dragged(value);
  });
  connect(slider_, &QSlider::sliderReleased, this, &LogField::released);
}

void LogField::show_value(std::optional<double> value, const QString& placeholder) {
  shown_ = value;
  field_->setPlaceholderText(placeholder);
  if (!field_->hasFocus() || !field_->isModified())
    field_->setText(value ? amount_text(*value, kind_, units_) : QString());
  set_property(field_, "fault", false);
  set_property(slider_, "unset", !value);
  if (slider_->isSliderDown()) return;
  const QSignalBlocker quiet(slider_);
  if (value) slider_->setValue(scale_.position(*value));
}

void LogField::set_units(sim::report::DisplayUnits units) { units_ = units; }

void LogField::set_allowed(std::span<const int> allowed) { allowed_.assign(allowed.begin(), allowed.end()); }

void LogField::read_field() {
  if (!field_->isModified()) return;
  field_->setModified(false);
  if (field_->text().trimmed().isEmpty()) {
    set_property(field_, "fault", false);
    Q_EMIT cleared();
    return;
  }
  const auto value = parse_amount(field_->text(), kind_, units_);
  set_property(field_, "fault", !value);
  field_->setToolTip(value ? QString()
                           : tr("Cannot read this amount; for example %1")
                                 .arg(amount_text(rounded(scale_.value(slider_steps)), kind_, units_)));
  if (value) Q_EMIT typed(*value);
}

}  // namespace sextant::gui
