// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/application.hpp"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QElapsedTimer>
#include <QSettings>
#include <QStandardPaths>
#include <QTimer>
#include <cstdio>

#include "gui/screenshots.hpp"
#include "gui/self_test.hpp"
#include "gui/session/session.hpp"
#include "gui/window/layout_memory.hpp"
#include "gui/window/main_window.hpp"

namespace sextant::gui {

namespace {

const QString example_run = QStringLiteral("deepseek-v3-2048-h800");

QSize size_of(const QString& text, QString& fault) {
  const QStringList parts = text.split('x');
  const QSize size = parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
  if (size.width() < 320 || size.height() < 240 || size.width() > 16384 || size.height() > 16384) {
    fault = QStringLiteral("--size: \"%1\" is no size such as 1280x800").arg(text);
    return {1280, 800};
  }
  return size;
}

ThemeMode theme_of_word(const QString& word, QString& fault) {
  if (word == QLatin1String("light")) return ThemeMode::light;
  if (word == QLatin1String("dark")) return ThemeMode::dark;
  if (word != QLatin1String("system"))
    fault = QStringLiteral("--theme: \"%1\" is not one of system, light, dark").arg(word);
  return ThemeMode::system;
}

sim::report::DisplayUnits units_of(const QString& words, QString& fault) {
  sim::report::DisplayUnits units;
  for (const QString& word : words.split(',', Qt::SkipEmptyParts)) {
    if (word == QLatin1String("hours"))
      units.hours = true;
    else if (word == QLatin1String("cny"))
      units.cny = true;
    else
      fault = QStringLiteral("--units: \"%1\" is not one of hours, cny").arg(word);
  }
  return units;
}

/// No window is shown: neither a display nor the user's session is needed or touched.
bool headless(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const QByteArray a(argv[i]);
    if (a.startsWith("--screenshot") || a == "--self-test" || a == "--help" || a == "-h" || a == "--version" ||
        a == "--startup-time") {
      return true;
    }
  }
  return false;
}

void open_all(Session& session, const Arguments& arguments) {
  for (const QString& file : arguments.files) session.open(file);
  if (session.scenarios().empty()) session.add_from_catalogue(example_run);
}

int show_window(QApplication& application, Session& session, const Arguments& arguments, QElapsedTimer& since_start) {
  MainWindow window(session);
  window.resize(arguments.size);
  const QSettings settings;
  if (!arguments.startup_time) restore_layout(window, settings);
  const QString page = arguments.page.isEmpty() ? settings.value(QStringLiteral("page")).toString() : arguments.page;
  if (!arguments.startup_time && arguments.files.isEmpty()) session.recover();
  open_all(session, arguments);
  window.show_page(page);
  window.show();
  window.setFocus();
  // The catalogue's lists come when the first picture is there.
  QTimer::singleShot(0, &session, [&session] { session.engine().load_choices(); });
  if (arguments.startup_time) {
    QObject::connect(&session, &Session::answered, &window, [&] {
      window.repaint();
      std::printf("%lld ms from start to painted result\n", static_cast<long long>(since_start.elapsed()));
      QApplication::quit();
    });
  }
  return application.exec();
}

}  // namespace

Arguments read_arguments(const QStringList& list) {
  QCommandLineParser parser;
  parser.setApplicationDescription(
      QStringLiteral("Sextant's dashboard: how long a training run takes, what it costs, and where the time goes.\n\n"
                     "Examples\n"
                     "  sextant-gui\n"
                     "  sextant-gui v3.sextant.json config.json\n"
                     "  sextant-gui --screenshot pictures --theme dark --page step v3.sextant.json"));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument(
      QStringLiteral("FILE"),
      QStringLiteral("runs, models (config.json), campaigns, claims or kernel profiles to open"),
      QStringLiteral("[FILE...]"));
  parser.addOptions(
      {{"screenshot", "Write a picture of each page into DIR and exit.", "DIR"},
       {"page",
        "Open, or picture, this page only: plan, step, memory, compare, campaign, claims, kernels, accuracy; for "
        "pictures layouts too.",
        "NAME"},
       {"theme", "system, light or dark.", "WORD"},
       {"size", "Of the window or the pictures.", "WIDTHxHEIGHT", "1280x800"},
       {"units", "Of pictures: hours in place of days, cny in place of dollars; several with commas.", "WORDS"},
       {"data", "Data files laid over Sextant's own.", "DIR"},
       {"profile", "Measured kernels or a calibration to use: a file, or an id of the catalogue; may be repeated.",
        "FILE"},
       {"self-test", "Drive a session without a display; exit 0 where all is well."},
       {"startup-time", "Print how long it took to the first painted result, and exit."}});
  parser.process(list);
  Arguments out;
  out.files = parser.positionalArguments();
  out.screenshots = parser.value(QStringLiteral("screenshot"));
  out.page = parser.value(QStringLiteral("page"));
  if (parser.isSet(QStringLiteral("theme")))
    out.theme = theme_of_word(parser.value(QStringLiteral("theme")), out.fault);
  out.units = units_of(parser.value(QStringLiteral("units")), out.fault);
  out.size = size_of(parser.value(QStringLiteral("size")), out.fault);
  out.data = parser.isSet(QStringLiteral("data")) ? parser.value(QStringLiteral("data"))
                                                  : qEnvironmentVariable("SEXTANT_DATA");
  out.profiles = parser.values(QStringLiteral("profile"));
  out.self_test = parser.isSet(QStringLiteral("self-test"));
  out.startup_time = parser.isSet(QStringLiteral("startup-time"));
  return out;
}

int run(int argc, char** argv) {
  QElapsedTimer since_start;
  since_start.start();
  const bool quiet = headless(argc, argv);
  if (quiet && !qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication application(argc, argv);
  QCoreApplication::setApplicationName(QStringLiteral("sextant-gui"));
  QCoreApplication::setOrganizationName(QStringLiteral("sextant"));
  QCoreApplication::setApplicationVersion(QStringLiteral(SEXTANT_VERSION));
  QGuiApplication::setDesktopFileName(QStringLiteral("org.sextant.Sextant"));
  const Arguments arguments = read_arguments(QCoreApplication::arguments());
  if (!arguments.fault.isEmpty()) {
    std::fprintf(stderr, "sextant-gui: %s\n", qPrintable(arguments.fault));
    return 1;
  }
  // What was chosen in the menu holds for windows until the command line says otherwise.
  apply_theme(application, arguments.theme.value_or(quiet ? ThemeMode::system : saved_theme(QSettings())));
  SessionOptions options{arguments.data, arguments.profiles, {}};
  if (!quiet) options.state_folder = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
  if (arguments.self_test) return self_test();
  Session session(options);
  if (!arguments.screenshots.isEmpty()) {
    session.set_units(arguments.units);
    open_all(session, arguments);
    return write_screenshots(session, arguments);
  }
  return show_window(application, session, arguments, since_start);
}

}  // namespace sextant::gui
