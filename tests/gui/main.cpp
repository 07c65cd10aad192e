// SPDX-License-Identifier: Apache-2.0
// Catch2 with a QApplication around it.
#define CATCH_CONFIG_RUNNER
#include <QApplication>
#include <QStandardPaths>

#include "gui/theme/theme.hpp"
#include "tests/support/catch.hpp"

int main(int argc, char** argv) {
  if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QStandardPaths::setTestModeEnabled(true);
  sextant::gui::apply_theme(application, sextant::gui::ThemeMode::light);
  return Catch::Session().run(argc, argv);
}
