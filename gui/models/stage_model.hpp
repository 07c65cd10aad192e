// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QVariantList>

#include "sim/report/display_units.hpp"
#include "sim/report/report.hpp"

namespace sextant::gui {

/// The stages of a campaign: what its text says, which can be edited, beside what was found.
class StageModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column : int { name, kind, amount, gpus, gpu_hours, difference, days, mfu, column_count };

  explicit StageModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  /// `stages` as in the file; `found`: the table "stages" of the campaign's report, or an empty one; `pinned`: that of
  /// the campaign it is compared with. Days are shown in `units`.
  void set_stages(const QVariantList& stages, const sim::report::Table& found, const sim::report::Table& pinned = {},
                  sim::report::DisplayUnits units = {});

  /// What explains the figures of a row.
  [[nodiscard]] QString why_tag(int row) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  /// Asks for the edit; the text changes first, then the model.
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

 Q_SIGNALS:
  /// A pointer below "/stages/N".
  void edit_wanted(const QString& pointer, const QVariant& value);
  void refused(const QString& why);

 private:
  [[nodiscard]] QString found_text(int row, const char* key) const;
  /// Of the GPU-hours to the pinned campaign's stage in the same place; nullptr where there is none.
  [[nodiscard]] const double* difference_of(int row) const;

  QVariantList stages_;
  sim::report::Table found_;
  sim::report::Table differences_;
  sim::report::DisplayUnits units_;
};

}  // namespace sextant::gui
