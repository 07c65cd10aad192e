// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/theme/theme.hpp"

#include <QApplication>
#include <QStyleFactory>
#include <QStyleHints>

/// Resources of a static library; the macro wants to stand outside of namespaces.
static void init_resources() { Q_INIT_RESOURCE(sextant); }

namespace sextant::gui {

namespace {

// Wong, Points of view: Color blindness, Nature Methods 8, 441 (2011): blue, orange, green, vermillion, sky, purple,
// yellow; grey last.
Theme make_light() {
  Theme t;
  t.window = "#f4f5f7";
  t.surface = "#ffffff";
  t.sunken = "#eceef1";
  t.border = "#d5d9df";
  t.text = "#1b2430";
  t.muted = "#5a6675";
  t.accent = "#0063a3";
  t.on_accent = "#ffffff";
  t.good = "#00694d";
  t.bad = "#a8430a";
  t.warn = "#7a5a00";
  t.good_back = "#e2f3ec";
  t.bad_back = "#fbe9df";
  t.warn_back = "#fbf3d9";
  t.series = {QColor("#0072b2"), QColor("#e69f00"), QColor("#009e73"), QColor("#d55e00"),
              QColor("#56b4e9"), QColor("#cc79a7"), QColor("#b8a800"), QColor("#7f8790")};
  t.grid = "#e3e6ea";
  return t;
}

Theme make_dark() {
  Theme t;
  t.dark = true;
  t.window = "#14181d";
  t.surface = "#1d232a";
  t.sunken = "#161b21";
  t.border = "#39424d";
  t.text = "#e8ecf1";
  t.muted = "#9fabb8";
  t.accent = "#5bb3f0";
  t.on_accent = "#0b1218";
  t.good = "#4fd0a5";
  t.bad = "#ff9a5c";
  t.warn = "#f0cf5a";
  t.good_back = "#16332a";
  t.bad_back = "#3a2418";
  t.warn_back = "#363016";
  t.series = {QColor("#3d9bdb"), QColor("#e69f00"), QColor("#1fb88c"), QColor("#e8703a"),
              QColor("#7cc9f2"), QColor("#d98fb8"), QColor("#f0e442"), QColor("#98a2ad")};
  t.grid = "#2c343d";
  return t;
}

QPalette palette_of(const Theme& t) {
  QPalette p;
  p.setColor(QPalette::Window, t.window);
  p.setColor(QPalette::WindowText, t.text);
  p.setColor(QPalette::Base, t.surface);
  p.setColor(QPalette::AlternateBase, t.sunken);
  p.setColor(QPalette::Text, t.text);
  p.setColor(QPalette::PlaceholderText, t.muted);
  p.setColor(QPalette::Button, t.surface);
  p.setColor(QPalette::ButtonText, t.text);
  p.setColor(QPalette::ToolTipBase, t.surface);
  p.setColor(QPalette::ToolTipText, t.text);
  p.setColor(QPalette::Highlight, t.accent);
  p.setColor(QPalette::HighlightedText, t.on_accent);
  p.setColor(QPalette::Link, t.accent);
  p.setColor(QPalette::LinkVisited, t.accent);
  p.setColor(QPalette::Light, t.surface);
  p.setColor(QPalette::Mid, t.border);
  p.setColor(QPalette::Dark, t.border);
  p.setColor(QPalette::BrightText, t.bad);
  for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText}) {
    p.setColor(QPalette::Disabled, role, t.muted);
  }
  return p;
}

constexpr const char* sheet = R"(
QToolTip { background: @surface; color: @text; border: 1px solid @border; padding: 6px; }
QFrame[card="true"] { background: @surface; border: 1px solid @border; border-radius: 6px; }
QFrame[card="true"]:focus { border: 2px solid @accent; }
QFrame[rail="true"] { background: @sunken; border: none; border-right: 1px solid @border; }
QFrame[bar="true"] { background: @surface; border: none; border-bottom: 1px solid @border; }
QLabel[role="caption"] { color: @muted; }
QLabel[role="muted"] { color: @muted; }
QLineEdit, QComboBox, QSpinBox, QPlainTextEdit, QTextBrowser {
  background: @surface; color: @text; border: 1px solid @border; border-radius: 4px; padding: 3px 6px;
  selection-background-color: @accent; selection-color: @on_accent; }
QComboBox { padding-right: 18px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(:/arrow.xpm); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: @surface; color: @text; border: 1px solid @border;
  selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QTextBrowser:focus { border: 2px solid @accent; padding: 2px 5px; }
QComboBox:focus { padding-right: 17px; }
QLineEdit[fault="true"], QComboBox[fault="true"] { border: 2px solid @bad; padding: 2px 5px; }
QPushButton, QToolButton { background: @surface; color: @text; border: 1px solid @border; border-radius: 4px; padding: 5px 12px; }
QPushButton:hover, QToolButton:hover { background: @sunken; }
QPushButton:focus, QToolButton:focus { border: 2px solid @accent; padding: 4px 11px; }
QPushButton:disabled, QToolButton:disabled { color: @muted; }
QPushButton::menu-indicator { image: url(:/arrow.xpm); width: 10px; height: 10px; subcontrol-origin: padding; subcontrol-position: center right; right: 8px; }
QPushButton[menu="true"] { padding-right: 26px; }
QPushButton[primary="true"] { background: @accent; color: @on_accent; border: 1px solid @accent; }
QPushButton[nav="true"] { background: transparent; border: none; border-radius: 4px; text-align: left; padding: 7px 12px; }
QPushButton[nav="true"]:hover { background: @window; }
QPushButton[nav="true"]:checked { background: @surface; color: @accent; font-weight: 600; border: 1px solid @border; padding: 6px 11px; }
QPushButton[nav="true"]:focus { border: 2px solid @accent; padding: 5px 10px; }
QPushButton[flat="true"] { background: transparent; border: none; color: @accent; padding: 2px 4px; text-align: left; }
QPushButton[flat="true"]:focus { border: 2px solid @accent; padding: 0px 2px; border-radius: 4px; }
QTableView { background: @surface; border: 1px solid transparent; border-radius: 4px; gridline-color: @grid;
  selection-background-color: @accent; selection-color: @on_accent; alternate-background-color: @surface; }
QTableView:focus { border: 1px solid @accent; }
QTableView::item { padding: 0 8px; border: none; }
QHeaderView { background: @surface; }
QHeaderView::section { background: @surface; color: @muted; border: none; border-bottom: 1px solid @border; padding: 5px 8px; font-size: 11px; font-weight: 600; }
QTableCornerButton::section { background: @surface; border: none; }
QListView { background: transparent; border: 1px solid transparent; outline: none; }
QListView::item { padding: 5px 8px; border-radius: 4px; }
QListView::indicator { width: 14px; height: 14px; border: 1px solid @muted; border-radius: 3px; background: @surface; }
QListView::indicator:checked { background: @accent; border: 1px solid @accent; image: url(@check); }
QListView:focus { border: 1px solid @accent; border-radius: 4px; }
QListView::item:selected { background: @surface; color: @text; border: 1px solid @border; }
QSplitter::handle { background: transparent; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: @border; border-radius: 4px; min-height: 24px; margin: 1px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: @border; border-radius: 4px; min-width: 24px; margin: 1px; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QMenuBar { background: @surface; border-bottom: 1px solid @border; }
QMenuBar::item { padding: 5px 10px; background: transparent; }
QMenuBar::item:selected { background: @sunken; }
QMenu { background: @surface; border: 1px solid @border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 3px; }
QMenu::item:selected { background: @accent; color: @on_accent; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @border; margin: 4px 8px; }
QStatusBar { background: @surface; border-top: 1px solid @border; color: @muted; }
QStatusBar::item { border: none; }
QProgressBar { background: @sunken; border: 1px solid @border; border-radius: 4px; text-align: center; color: @text; max-height: 14px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; background: @border; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal { background: @accent; border: 2px solid @surface; width: 12px; height: 12px; margin: -6px 0; border-radius: 8px; }
QSlider[unset="true"]::handle:horizontal { background: @border; }
QSlider[unset="true"]::sub-page:horizontal { background: @border; }
QSlider::handle:horizontal:focus { border: 2px solid @text; }
QTabBar::tab { background: transparent; color: @muted; padding: 6px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabWidget::pane { border: none; }
)";

QString sheet_of(const Theme& t) {
  QString out = QString::fromLatin1(sheet);
  const std::pair<const char*, QColor> names[] = {
      {"@on_accent", t.on_accent}, {"@surface", t.surface}, {"@sunken", t.sunken}, {"@window", t.window},
      {"@border", t.border},       {"@accent", t.accent},   {"@muted", t.muted},   {"@text", t.text},
      {"@grid", t.grid},           {"@bad", t.bad}};
  out.replace(QLatin1String("@check"), t.dark ? QLatin1String(":/check-dark.xpm") : QLatin1String(":/check-light.xpm"));
  for (const auto& [name, colour] : names) out.replace(QLatin1String(name), colour.name());
  return out;
}

/// As it was before a theme was applied.
bool system_is_dark(const QApplication& application) {
  static const bool dark = application.palette().color(QPalette::Window).lightness() < 128;
  return dark;
}

}  // namespace

const Theme& theme_for(bool dark) {
  static const Theme light = make_light();
  static const Theme night = make_dark();
  return dark ? night : light;
}

const Theme& theme_of(const QPalette& palette) { return theme_for(palette.color(QPalette::Window).lightness() < 128); }

void apply_theme(QApplication& application, ThemeMode mode) {
  const bool system = system_is_dark(application);
  const bool dark = mode == ThemeMode::system ? system : mode == ThemeMode::dark;
  const Theme& t = theme_for(dark);
  init_resources();
  QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QApplication::setPalette(palette_of(t));
  QApplication::setFont(font_of(type::body));
  application.setStyleSheet(sheet_of(t));
}

QFont font_of(int pixels, QFont::Weight weight) {
  QFont font;
  font.setFamilies({QStringLiteral("Inter"), QStringLiteral("Noto Sans"), QStringLiteral("Cantarell"),
                    QStringLiteral("Segoe UI"), QStringLiteral("DejaVu Sans")});
  font.setPixelSize(pixels);
  font.setWeight(weight);
  return font;
}

}  // namespace sextant::gui
