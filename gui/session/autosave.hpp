// SPDX-License-Identifier: GPL-3.0-or-later
// What survives a crash: the scenarios as they were a moment ago, and the files opened lately.
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include "gui/session/answer.hpp"

namespace sextant::gui {

struct Kept {
  QString name;
  QString path;  ///< "" where it was never saved
  QByteArray text;
  bool clean = false;     ///< the file holds the same
  bool campaign = false;  ///< else a run
};

/// Replaces the autosave as a whole or not at all; false with the reason where the folder cannot be written.
bool write_autosave(const QString& folder, const QList<Kept>& scenarios, QString* reason);
/// Empty where there is none or it does not read.
[[nodiscard]] QList<Kept> read_autosave(const QString& folder);

/// How the user likes to read numbers.
void write_units(const QString& folder, report::DisplayUnits units);
[[nodiscard]] report::DisplayUnits read_units(const QString& folder);

void write_recent(const QString& folder, const QStringList& files);
/// Those that still exist.
[[nodiscard]] QStringList read_recent(const QString& folder);

}  // namespace sextant::gui
