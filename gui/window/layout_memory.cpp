// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/window/layout_memory.hpp"

#include <QSplitter>

#include "gui/window/main_window.hpp"

namespace sextant::gui {

namespace {

constexpr std::pair<const char*, ThemeMode> theme_words[] = {
    {"system", ThemeMode::system}, {"light", ThemeMode::light}, {"dark", ThemeMode::dark}};

QString splitter_key(const Page& page, int i) { return QStringLiteral("splitters/%1/%2").arg(page.id()).arg(i); }

}  // namespace

void save_layout(const MainWindow& window, QSettings& settings) {
  settings.setValue(QStringLiteral("geometry"), window.saveGeometry());
  settings.setValue(QStringLiteral("page"), window.page()->id());
  for (const Page* page : window.pages()) {
    int i = 0;
    for (const QSplitter* s : page->findChildren<QSplitter*>())
      settings.setValue(splitter_key(*page, i++), s->saveState());
  }
}

void restore_layout(MainWindow& window, const QSettings& settings) {
  window.restoreGeometry(settings.value(QStringLiteral("geometry")).toByteArray());
  for (const Page* page : window.pages()) {
    int i = 0;
    for (QSplitter* s : page->findChildren<QSplitter*>())
      s->restoreState(settings.value(splitter_key(*page, i++)).toByteArray());
  }
}

void save_theme(ThemeMode mode, QSettings& settings) {
  for (const auto& [word, value] : theme_words) {
    if (value == mode) settings.setValue(QStringLiteral("theme"), QLatin1String(word));
  }
}

ThemeMode saved_theme(const QSettings& settings) {
  for (const auto& [word, value] : theme_words) {
    if (settings.value(QStringLiteral("theme")).toString() == QLatin1String(word)) return value;
  }
  return ThemeMode::system;
}

}  // namespace sextant::gui
