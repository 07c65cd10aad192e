// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>
#include <QStringList>
#include <optional>

#include "gui/theme/theme.hpp"
#include "sim/report/display_units.hpp"

namespace sextant::gui {

struct Arguments {
  QStringList files;
  QString screenshots;               ///< folder; "": none
  QString page;                      ///< "": all
  std::optional<ThemeMode> theme{};  ///< nothing: as chosen before, else the system's
  QSize size{1280, 800};
  sim::report::DisplayUnits units;  ///< of pictures
  bool self_test = false;
  bool startup_time = false;
  QString data;
  QStringList profiles;
  QString fault;  ///< what is wrong with the command line
};

/// Reads what is not Qt's own; --help and --version print and exit.
[[nodiscard]] Arguments read_arguments(const QStringList& arguments);

/// Runs the program; the exit code.
int run(int argc, char** argv);

}  // namespace sextant::gui
