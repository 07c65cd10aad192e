// SPDX-License-Identifier: Apache-2.0
// Catch2 with a QApplication around it.
#include <QApplication>
#include <QStandardPaths>

#include "gui/theme/theme.hpp"

#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QStandardPaths::setTestModeEnabled(true);
  sextant::gui::apply_theme(application, sextant::gui::ThemeMode::light);
  return Catch::Session().run(argc, argv);
}
