// SPDX-License-Identifier: GPL-3.0-or-later
// How the window was left: its place, its page, where its cards are divided, its theme.
#pragma once

#include <QSettings>

#include "gui/theme/theme.hpp"

namespace sextant::gui {

class MainWindow;

void save_layout(const MainWindow& window, QSettings& settings);
void restore_layout(MainWindow& window, const QSettings& settings);

void save_theme(ThemeMode mode, QSettings& settings);
/// What was chosen in the menu; the system's where nothing was.
[[nodiscard]] ThemeMode saved_theme(const QSettings& settings);

}  // namespace sextant::gui
