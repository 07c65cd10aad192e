// SPDX-License-Identifier: GPL-3.0-or-later
// Every input of a run in a column. What the run leaves open shows what the simulator chose.
#pragma once

#include <QComboBox>
#include <QScrollArea>

#include "gui/session/session.hpp"
#include "gui/widgets/log_field.hpp"

class QGridLayout;
class QVBoxLayout;

namespace sextant::gui {

class RunForm : public QScrollArea {
  Q_OBJECT
 public:
  explicit RunForm(Session& session, QWidget* parent = nullptr);

  /// From the current scenario and its answer.
  void refresh();
  void refresh_choices();
  /// Puts the cursor into the field of a JSON pointer, or the nearest above it.
  void focus_pointer(const QString& pointer);

 Q_SIGNALS:
  void open_model_file();

 private:
  struct Number {
    QString pointer;
    QLineEdit* field;
  };
  struct Choice {
    QString pointer;
    QComboBox* box;
  };
  // run_fields.cpp
  void add_work();
  void add_hardware();
  void add_limits();
  void add_software();
  void add_layout();
  void add_title(const QString& text);
  QWidget* add_row(const QString& label, const QString& tip, QWidget* editor);
  LogField* add_amount(const QString& pointer, const QString& label, const QString& tip, Amount kind, Range range);
  QComboBox* add_choice(const QString& pointer, const QString& label, const QString& tip, const QStringList& words);
  QComboBox* add_search(const QString& pointer, const QString& label, const QString& tip);
  void add_degrees();
  QLineEdit* number_field(const QString& pointer, const QString& label, const QString& tip);
  // run_form.cpp
  void set_number(const QString& pointer, QLineEdit* field);
  void choose(const QString& pointer, QComboBox* box);
  void mark_faults();
  [[nodiscard]] QString chosen(const QString& pointer) const;

  Session& session_;
  QWidget* inner_;
  QVBoxLayout* column_;
  std::vector<Number> numbers_;
  std::vector<Choice> choices_;
  std::vector<std::pair<QString, LogField*>> amounts_;
  QComboBox* model_ = nullptr;
  QComboBox* gpu_ = nullptr;
  QComboBox* stack_ = nullptr;
  LogField* gpus_ = nullptr;
  bool refreshing_ = false;
};

}  // namespace sextant::gui
