// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QSlider>
#include <QWidget>
#include <span>
#include <vector>

#include "gui/input/log_scale.hpp"
#include "gui/input/quantity_text.hpp"
#include "gui/input/ranges.hpp"

namespace sextant::gui {

/// An amount as a field one can type into, with units, and a slider over powers of ten beneath it.
class LogField : public QWidget {
  Q_OBJECT
 public:
  LogField(Amount kind, Range range, QWidget* parent = nullptr);

  /// What is shown; nothing: the field is empty and says `placeholder`.
  void show_value(std::optional<double> value, const QString& placeholder);
  /// How the amount is shown and typed; what is said and asked stays in the base unit.
  void set_units(sim::report::DisplayUnits units);
  /// The slider stops at these values only.
  void set_allowed(std::span<const int> allowed);
  [[nodiscard]] QLineEdit* field() { return field_; }
  [[nodiscard]] QSlider* slider() { return slider_; }

 Q_SIGNALS:
  /// While the slider moves; many in a row are one edit.
  void dragged(double value);
  void typed(double value);
  void cleared();
  void released();

 private:
  void read_field();

  Amount kind_;
  LogScale scale_;
  QLineEdit* field_;
  QSlider* slider_;
  std::vector<int> allowed_;
  std::optional<double> shown_;
  sim::report::DisplayUnits units_;
};

}  // namespace sextant::gui
