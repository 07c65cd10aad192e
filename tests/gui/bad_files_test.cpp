// SPDX-License-Identifier: Apache-2.0
// The command line's malformed files through the window's loader: a message each, no crash, nothing lost.
#include <QDirIterator>

#include "gui/screenshots.hpp"
#include "gui/session/session.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::gui;

TEST_CASE("malformed files are refused in words") {
  Session s({});
  Scenario* kept = s.add_from_catalogue("llama3-8b-8-h100");
  const QByteArray text = kept->text();
  int files = 0;
  int said = 0;
  QObject::connect(&s, &Session::failed, [&said](const QString&, const QString& why) {
    ++said;
    CHECK_FALSE(why.isEmpty());
  });
  QDirIterator it(QStringLiteral(SEXTANT_SOURCE_DIR "/tests/cli/bad"), {"*.json"}, QDir::Files,
                  QDirIterator::Subdirectories);
  while (it.hasNext()) {
    const QString path = it.next();
    CAPTURE(path.toStdString());
    ++files;
    s.select(kept);
    const int before = said;
    const bool opened = s.open(path);
    REQUIRE(wait_until([&] { return !s.stale() && s.engine().idle(); }));
    if (!opened) {
      CHECK(said > before);
      continue;
    }
    if (s.current() != kept) {
      // A run with a fault is open, so that it can be mended; one of an observation may be sound in itself.
      const AnswerPtr a = s.answer();
      REQUIRE(a);
      CHECK((a->result.has_value() || !a->faults.empty()));
      s.close(s.current());
    } else if (kept->text() != text) {
      kept->undo().undo();
    }
  }
  CHECK(files > 60);
  CHECK(kept->text() == text);
}
