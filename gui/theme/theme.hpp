// SPDX-License-Identifier: GPL-3.0-or-later
// One palette, one type scale, one spacing scale. Widgets ask for the theme of their palette, so that there is no
// global.
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>
#include <array>

class QApplication;

namespace sextant::gui {

/// Pixels; everything is a multiple of four.
namespace space {
inline constexpr int xs = 4;
inline constexpr int s = 8;
inline constexpr int m = 12;
inline constexpr int l = 16;
inline constexpr int xl = 24;
}  // namespace space

/// Pixels.
namespace type {
inline constexpr int caption = 11;
inline constexpr int body = 13;
inline constexpr int heading = 15;
inline constexpr int title = 19;
inline constexpr int figure = 26;
}  // namespace type

enum class ThemeMode { system, light, dark };

struct Theme {
  bool dark = false;
  QColor window, surface, sunken, border, text, muted, accent, on_accent;
  QColor good, bad, warn;
  QColor good_back, bad_back, warn_back;
  /// Okabe and Ito's eight, in the order charts use them; told apart by most colour-blind eyes.
  std::array<QColor, 8> series;
  QColor grid;
};

[[nodiscard]] const Theme& theme_for(bool dark);
[[nodiscard]] const Theme& theme_of(const QPalette& palette);

/// Sets style, palette, fonts and style sheet.
void apply_theme(QApplication& application, ThemeMode mode);

[[nodiscard]] QFont font_of(int pixels, QFont::Weight weight = QFont::Normal);

}  // namespace sextant::gui
