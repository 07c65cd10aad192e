// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/self_test.hpp"

#include <QTemporaryDir>
#include <cstdio>

#include "gui/pages/plan_page.hpp"
#include "gui/screenshots.hpp"
#include "gui/session/run_edits.hpp"
#include "gui/window/main_window.hpp"
#include "sim/report/exporters.hpp"

namespace sextant::gui {

namespace {

class Test {
 public:
  bool expect(bool good, const char* what) {
    std::printf("%s  %s\n", good ? "ok    " : "FAILED", what);
    failed_ += good ? 0 : 1;
    return good;
  }
  [[nodiscard]] int failed() const { return failed_; }

 private:
  int failed_ = 0;
};

std::string json_of(const AnswerPtr& a) { return a && a->result ? report::to_json(a->result->step) : std::string(); }

}  // namespace

int self_test() {
  Test t;
  const QTemporaryDir folder;
  Session session({{}, {}, folder.path() + QStringLiteral("/state")});
  MainWindow window(session);
  window.show();
  session.engine().load_choices();
  const auto settled = [&] { return wait_until([&] { return !session.stale() && session.engine().idle(); }); };
  Scenario* first = session.add_from_catalogue(QStringLiteral("deepseek-v3-2048-h800"));
  t.expect(first != nullptr && settled() && session.answer()->result.has_value(),
           "a run of the catalogue is evaluated");
  const std::string before = json_of(session.answer());

  session.edit(QStringLiteral("GPUs"), gpus_edit(first->text(), session.answer(), 4096));
  t.expect(settled() && json_of(session.answer()) != before, "another number of GPUs gives another result");
  first->undo().undo();
  t.expect(settled() && json_of(session.answer()) == before, "undo gives the first result again");

  session.pin(first);
  Scenario* second = session.duplicate(first);
  session.edit(QStringLiteral("Precision"), {{QStringLiteral("/precision"), QStringLiteral("bf16")}});
  t.expect(settled() && session.pinned_answer() && session.current() == second,
           "a copy is compared with the pinned one");
  for (Page* page : window.pages()) {
    window.show_page(page->id());
    t.expect(wait_until([&] { return page->complete() && session.engine().idle(); }), qPrintable(page->id()));
  }
  window.ask_why(QStringLiteral("cost_usd"));
  t.expect(settled() && window.why_panel().isVisible(), "why? opens an explanation");

  const QString path = folder.path() + QStringLiteral("/second.sextant.json");
  const std::string saved = json_of(session.answer());
  t.expect(session.save(second, path) && session.open(path) && settled() && json_of(session.answer()) == saved,
           "a saved run opens with the same result");
  session.edit(QStringLiteral("tp"), {{QStringLiteral("/parallelism/tp"), 7}});
  t.expect(settled() && !session.answer()->result && !session.answer()->faults.empty(), "an impossible layout is said");
  session.autosave();
  Session again({{}, {}, folder.path() + QStringLiteral("/state")});
  t.expect(again.recover() == static_cast<int>(session.scenarios().size()), "autosave brings every scenario back");
  std::printf("%s\n", t.failed() == 0 ? "self-test passed" : "self-test failed");
  return t.failed() == 0 ? 0 : 1;
}

}  // namespace sextant::gui
