// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/screenshots.hpp"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QThread>
#include <cstdio>

#include "gui/pages/plan_page.hpp"
#include "gui/window/main_window.hpp"

namespace sextant::gui {

bool wait_until(const std::function<bool()>& done, int limit_ms) {
  QElapsedTimer timer;
  timer.start();
  while (!done()) {
    if (timer.hasExpired(limit_ms)) return false;
    QApplication::processEvents(QEventLoop::AllEvents, 10);
    QThread::msleep(1);
  }
  QApplication::processEvents();
  return true;
}

namespace {

/// Qt's word for the strongest compression of a PNG.
constexpr int smallest = 0;

bool picture(MainWindow& window, Session& session, int index, const QString& path) {
  window.show_page(index);
  window.setFocus();
  const Page* page = window.pages()[static_cast<std::size_t>(index)];
  const bool there = wait_until([&] { return page->complete() && session.engine().idle(); });
  QApplication::processEvents();
  if (!window.grab().save(path, "PNG", smallest)) {
    std::fprintf(stderr, "sextant-gui: cannot write %s\n", qPrintable(path));
    return false;
  }
  if (!there) std::fprintf(stderr, "sextant-gui: %s was not complete\n", qPrintable(page->id()));
  return there;
}

/// The plan page with other layouts beside the run's, found by a search of its own.
bool layouts_picture(MainWindow& window, Session& session, const QString& path) {
  window.show_page(QStringLiteral("plan"));
  window.plan().show_search();
  window.plan().search().start();
  const bool there = wait_until([&] { return !window.plan().search().running() && session.engine().idle(); }, 120000);
  if (window.grab().save(path, "PNG", smallest)) return there;
  std::fprintf(stderr, "sextant-gui: cannot write %s\n", qPrintable(path));
  return false;
}

}  // namespace

int write_screenshots(Session& session, const Arguments& arguments) {
  QObject::connect(&session, &Session::failed, [](const QString& what, const QString& why) {
    std::fprintf(stderr, "%s: %s\n", qPrintable(what), qPrintable(why));
  });
  if (!QDir().mkpath(arguments.screenshots)) {
    std::fprintf(stderr, "sextant-gui: cannot make the folder %s\n", qPrintable(arguments.screenshots));
    return 1;
  }
  MainWindow window(session);
  window.resize(arguments.size);
  window.show();
  session.engine().load_choices();
  wait_until([&] { return session.answer() != nullptr && session.choices() != nullptr; });
  // Two runs are a comparison: the first is A.
  if (session.scenarios().size() > 1) session.pin(session.scenarios().front().get());
  bool good = true;
  bool any = false;
  const QString theme = theme_of(window.palette()).dark ? QStringLiteral("dark") : QStringLiteral("light");
  for (std::size_t i = 0; i < window.pages().size(); ++i) {
    const Page* page = window.pages()[i];
    if (!arguments.page.isEmpty() && page->id() != arguments.page) continue;
    any = true;
    good = picture(window, session, static_cast<int>(i),
                   QStringLiteral("%1/%2-%3.png").arg(arguments.screenshots, page->id(), theme)) &&
           good;
  }
  if (arguments.page.isEmpty() || arguments.page == QLatin1String("layouts")) {
    any = true;
    good =
        layouts_picture(window, session, QStringLiteral("%1/layouts-%2.png").arg(arguments.screenshots, theme)) && good;
  }
  if (!any) std::fprintf(stderr, "sextant-gui: no page is called \"%s\"\n", qPrintable(arguments.page));
  return good && any ? 0 : 1;
}

}  // namespace sextant::gui
