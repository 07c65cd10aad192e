// SPDX-License-Identifier: Apache-2.0
// A session as people drive it; its numbers are those the command line prints for the same file.
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <algorithm>

#include "gui/screenshots.hpp"
#include "gui/session/autosave.hpp"
#include "gui/session/run_edits.hpp"
#include "gui/session/session.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/exporters.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::gui;

namespace {

bool settle(Session& s) {
  return wait_until([&] { return !s.stale() && s.engine().idle(); });
}

QByteArray cli_json(const QString& file) {
  QProcess p;
  p.start(SEXTANT_PROGRAM, {"simulate", file, "--json"});
  p.waitForFinished(30000);
  return p.readAllStandardOutput();
}

QByteArray json_of(const AnswerPtr& a) {
  return a && a->result ? QByteArray::fromStdString(sim::report::to_json(a->result->step)) : QByteArray();
}

}  // namespace

TEST_CASE("what the window shows of a saved file is what the command line prints, digit for digit") {
  const QTemporaryDir folder;
  Session s({});
  Scenario* run = s.add_from_catalogue("deepseek-v3-2048-h800");
  REQUIRE(settle(s));
  // A drag of many values, then typing, then a choice.
  for (const int gpus : {2176, 2304, 3072, 4096}) {
    s.edit("GPUs", gpus_edit(run->text(), s.answer(), gpus), "/cluster/gpus");
  }
  run->end_merging();
  s.edit("tokens", {{"/goal/tokens", 2e12}});
  s.edit("precision", {{"/precision", QStringLiteral("bf16")}});
  REQUIRE(settle(s));
  REQUIRE(s.answer()->result);
  CHECK(s.answer()->result->run.cluster.gpus == 4096);
  const QString path = folder.filePath("edited.sextant.json");
  REQUIRE(s.save(run, path));
  CHECK(run->saved());
  const QByteArray shown = json_of(s.answer());
  CHECK(shown.size() > 1000);
  CHECK(shown == cli_json(path));

  CHECK(run->undo().count() == 3);  // the drag is one edit
  run->undo().undo();
  run->undo().undo();
  run->undo().undo();
  REQUIRE(settle(s));
  CHECK(s.answer()->result->run.cluster.gpus == 2048);
  run->undo().redo();
  REQUIRE(settle(s));
  CHECK(s.answer()->result->run.cluster.gpus == 4096);

  REQUIRE(s.open(path));
  REQUIRE(settle(s));
  CHECK(json_of(s.answer()) == shown);
}

TEST_CASE("every run of the catalogue gives the command line's numbers") {
  Session s({});
  const QTemporaryDir folder;
  for (const Choice& c : s.engine().workbench().choices().runs) {
    CAPTURE(c.id);
    Scenario* run = s.add_from_catalogue(QString::fromStdString(c.id));
    REQUIRE(run != nullptr);
    REQUIRE(settle(s));
    const QString path = folder.filePath(QString::fromStdString(c.id) + ".json");
    REQUIRE(s.save(run, path));
    // Compared as booleans: a mismatch is a page of letters otherwise.
    const QByteArray printed = cli_json(path);
    const bool equal = json_of(s.answer()) == printed;
    CHECK(equal);
  }
}

TEST_CASE("the newest edit wins, whatever is under way") {
  Session s({});
  Scenario* run = s.add_from_catalogue("llama3-8b-8-h100");
  for (int i = 1; i <= 200; ++i) s.edit("batch", {{"/batch/global_sequences", 8 * i}}, "batch");
  REQUIRE(settle(s));
  REQUIRE(s.answer()->result);
  CHECK(s.answer()->result->run.batch.global_sequences == 1600);
  CHECK(run->undo().count() == 1);
}

TEST_CASE("a layout that a search found is taken by one edit, and undone by one") {
  Session s({});
  Scenario* run = s.add_from_catalogue("llama3-8b-8-h100");
  REQUIRE(settle(s));
  const QByteArray before = run->text();
  const FoundPtr found = plan_of(s.engine().workbench(), *s.answer(), {1, 0, false}, {});
  const sim::report::Table& layouts = found->layouts;
  REQUIRE_FALSE(layouts.rows.empty());
  const auto& row = layouts.rows.front();
  s.edit("Layout",
         layout_edit(run->text(), s.answer(), layouts, QString::fromStdString(std::get<std::string>(row[0]))));
  REQUIRE(settle(s));
  REQUIRE(s.answer()->result);
  // The step of the run as edited is the one the search promised, to the last bit.
  const double promised = std::get<double>(row[static_cast<std::size_t>(column_of(layouts, "step_time_s"))]);
  CHECK(s.answer()->result->prediction.step.time.value() == promised);
  run->undo().undo();
  CHECK(run->text() == before);
}

TEST_CASE("the search answers as sextant plan does, deadline and budget included") {
  const QTemporaryDir folder;
  Session s({});
  Scenario* run = s.add_from_catalogue("deepseek-v3-2048-h800");
  s.edit("goal", {{"/goal/deadline_days", 60}, {"/goal/budget_usd", 4.5e6}});
  REQUIRE(settle(s));
  const QString path = folder.filePath("v3.sextant.json");
  REQUIRE(s.save(run, path));
  const FoundPtr found = plan_of(s.engine().workbench(), *s.answer(), {1, 1, false}, {});
  REQUIRE(found->faults.empty());
  QStringList words = QString::fromStdString(found->command).split(' ');
  QProcess p;
  p.start(SEXTANT_PROGRAM, QStringList{"plan", path, "--json"} + words);
  REQUIRE(p.waitForFinished(60000));
  const auto without_clock = [](const QByteArray& text) {
    // Nor remarks: --gpus is a change of the file to the command line, and said there.
    return edited(text, {{"/seconds", {}}, {"/configurations_per_s", {}}, {"/notes", {}}, {"/assumptions", {}}});
  };
  const QByteArray printed = p.readAllStandardOutput();
  REQUIRE(printed.size() > 1000);
  const QByteArray shown = QByteArray::fromStdString(sim::report::to_json(found->plan.report));
  const bool equal = without_clock(shown) == without_clock(printed);
  CHECK(equal);
  // $4.5 M is less than any layout of these sizes takes within 60 days; the report says so, and what would do.
  CHECK(sim::report::to_json(found->plan.report).find("nearest") != std::string::npos);
}

TEST_CASE("a search of one cluster size says how far it is many times, and never goes back") {
  Session s({});
  s.add_from_catalogue("deepseek-v3-2048-h800");
  REQUIRE(settle(s));
  std::vector<int> told;
  (void)plan_of(s.engine().workbench(), *s.answer(), {1, 0, false},
                {{}, [&](int percent) { told.push_back(percent); }, {}});
  CHECK(told.size() >= 10);
  CHECK(told.size() <= 100);
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(told.back() == 100);
}

TEST_CASE("a search that is cancelled ends within a tenth of a second") {
  Session s({});
  s.add_from_catalogue("deepseek-v3-2048-h800");
  REQUIRE(settle(s));
  QElapsedTimer since;
  int told = 0;
  bool stop = false;
  s.engine().search_layouts(s.answer(), {7, 3, false});
  QObject::connect(&s.engine(), &Engine::layouts_found, [&](const FoundPtr& f) {
    ++told;
    CHECK(f->percent < 100);
    if (!stop) {
      stop = true;
      since.start();
      s.engine().cancel_search();
    }
  });
  REQUIRE(wait_until([&] { return stop && s.engine().idle(); }, 60000));
  CHECK(told <= 2);
  // Twice what is promised, because tests share their machine.
  CHECK(since.elapsed() < 200);
}

TEST_CASE("other units change what is shown, not what is stored") {
  const QTemporaryDir folder;
  {
    Session s({{}, {}, folder.path()});
    s.add_from_catalogue("deepseek-v3-2048-h800");
    REQUIRE(settle(s));
    const QByteArray json = json_of(s.answer());
    const double days = find_figure(s.answer()->result->headline, "days")->value;
    const double usd = find_figure(s.answer()->result->headline, "cost_usd")->value;
    s.set_units({true, true});
    REQUIRE(settle(s));
    const auto* hours = find_figure(s.answer()->result->headline, "days");
    const auto* cny = find_figure(s.answer()->result->headline, "cost_usd");
    CHECK(hours->value == Approx(24 * days));
    CHECK(sim::report::format(hours->value, hours->unit).ends_with(" h"));
    CHECK(cny->value == Approx(7.1217 * usd));  // National Bureau of Statistics of China: average of 2024
    CHECK(sim::report::format(cny->value, cny->unit).starts_with("¥"));
    CHECK(json_of(s.answer()) == json);
  }
  Session again({{}, {}, folder.path()});
  CHECK(again.units() == sim::report::DisplayUnits{true, true});
}

TEST_CASE("a kernel profile that is opened gives the command line's numbers with --profile") {
  const QTemporaryDir folder;
  const QString run_path = folder.filePath("run.sextant.json");
  Session s({});
  Scenario* run = s.add_from_catalogue("llama3-8b-8-h100");
  REQUIRE(s.save(run, run_path));
  REQUIRE(settle(s));
  const QByteArray before = json_of(s.answer());
  QString opened;
  QObject::connect(&s, &Session::profile_opened, [&](const QString& id) { opened = id; });
  const QString profile = QStringLiteral(SEXTANT_SOURCE_DIR "/hardware/data/profiles/h100-sxm-80gb-fp16-vidur.json");
  REQUIRE(s.open(profile));
  CHECK(opened == "h100-sxm-80gb-fp16-vidur");
  REQUIRE(settle(s));
  QProcess p;
  p.start(SEXTANT_PROGRAM, {"simulate", run_path, "--profile", profile, "--json"});
  REQUIRE(p.waitForFinished(30000));
  const bool equal = json_of(s.answer()) == p.readAllStandardOutput();
  CHECK(equal);
  CHECK(s.command_line().contains("--profile"));
  s.engine().use_profile(opened, false);
  REQUIRE(wait_until([&] { return s.engine().idle() && !s.stale(); }));
  const bool back = json_of(s.answer()) == before;
  CHECK(back);
}

TEST_CASE("campaigns are kept, saved, compared and undone like runs") {
  const QTemporaryDir folder;
  const QString path = folder.filePath("v3.json");
  {
    Session s({{}, {}, folder.filePath("state")});
    const std::string text = s.engine().workbench().campaign_text("deepseek-v3");
    Scenario* c = s.campaigns().open("deepseek-v3", QByteArray::fromStdString(text));
    c->edit("stage", {{"/stages/1/tokens_b", 28000}});
    REQUIRE(s.save(c, path));
    CHECK(s.recent_files().first() == path);
    c->edit("stage", {{"/stages/1/tokens_b", 7000}});
    s.campaigns().pin(c);
    CHECK(s.campaigns().duplicate(c) != c);
    s.autosave();
  }
  Session again({{}, {}, folder.filePath("state")});
  CHECK(again.recover() >= 1);
  REQUIRE_FALSE(again.campaigns().all().empty());
  Scenario* c = again.campaigns().all().front().get();
  CHECK(c->value("/stages/1/tokens_b").toDouble() == 7000);
  CHECK_FALSE(c->saved());  // the file holds 28,000
  CHECK(c->path() == path);
  REQUIRE(again.open(path));
  CHECK(again.campaigns().current()->value("/stages/1/tokens_b").toDouble() == 28000);
}

TEST_CASE("edits keep what they do not touch") {
  const QByteArray text = "{\n  \"z\": 1,\n  \"model\": \"a\",\n  \"batch\": {\"seq_len\": 8}\n}\n";
  const QByteArray after = edited(text, {{"/batch/micro_sequences", 2}, {"/goal/tokens", 14.8e12}, {"/z", {}}});
  CHECK(value_at(after, "/model").toString() == "a");
  CHECK(value_at(after, "/batch/seq_len").toInt() == 8);
  CHECK(value_at(after, "/goal/tokens").toDouble() == 14.8e12);
  CHECK_FALSE(value_at(after, "/z").isValid());
  CHECK(edited("[1, 2", {{"/a", 1}}) == "[1, 2");
}

TEST_CASE("the GPUs of a cluster that is named by id can change") {
  Session s({});
  Scenario* run = s.add_from_catalogue("deepseek-v3-2048-h800");
  REQUIRE(settle(s));
  const double step = s.answer()->result->prediction.step.time.value();
  s.edit("GPUs", gpus_edit(run->text(), s.answer(), 2048));
  REQUIRE(settle(s));
  CHECK(s.answer()->result->prediction.step.time.value() == step);  // written out, the cluster is the same
  CHECK(s.answer()->result->run.cluster.fabric == "mpft");
}

TEST_CASE("autosave survives; an unwritable folder is said once and loses nothing") {
  const QTemporaryDir folder;
  {
    Session s({{}, {}, folder.path()});
    s.add_from_catalogue("llama3-8b-8-h100");
    s.edit("batch", {{"/batch/global_sequences", 4096}});
    s.autosave();
  }
  Session again({{}, {}, folder.path()});
  REQUIRE(again.recover() == 1);
  CHECK(again.current()->value("/batch/global_sequences").toInt() == 4096);

  QFile blocker(folder.filePath("file"));
  REQUIRE(blocker.open(QIODevice::WriteOnly));
  Session blocked({{}, {}, folder.filePath("file") + "/state"});
  int said = 0;
  QObject::connect(&blocked, &Session::failed,
                   [&said](const QString& what, const QString&) { said += what == "Autosave"; });
  blocked.add_from_catalogue("llama3-8b-8-h100");
  blocked.autosave();
  blocked.autosave();
  CHECK(said == 1);
  CHECK(blocked.current() != nullptr);
}

TEST_CASE("a model file goes into the current run") {
  const QTemporaryDir folder;
  const QString path = folder.filePath("config.json");
  QFile file(path);
  REQUIRE(file.open(QIODevice::WriteOnly));
  file.write(
      R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192,
    "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "tie_word_embeddings": true})");
  file.close();
  Session s({});
  s.add_from_catalogue("llama3-8b-8-h100");
  REQUIRE(s.open(path));
  REQUIRE(settle(s));
  INFO(s.answer()->faults.text());
  REQUIRE(s.answer()->result);
  CHECK(s.answer()->result->run.model.layers() == 16);
}

TEST_CASE("every profile of the catalogue is held against the model as sextant show profile does, digit for digit") {
  Session s({});
  s.engine().load_choices();
  REQUIRE(wait_until([&] { return s.choices() != nullptr; }));
  KernelsPtr read;
  QObject::connect(&s.engine(), &Engine::kernels_read, [&](const KernelsPtr& k) { read = k; });
  for (const Choice& profile : s.choices()->profiles) {
    INFO(profile.id);
    // A run with another stack open changes nothing.
    if (s.scenarios().empty()) s.add_from_catalogue("deepseek-v3-2048-h800");
    read.reset();
    s.engine().read_kernels(QString::fromStdString(profile.id));
    REQUIRE(wait_until([&] { return read != nullptr; }));
    QProcess p;
    p.start(SEXTANT_PROGRAM, {"show", "profile", QString::fromStdString(profile.id), "--json"});
    REQUIRE(p.waitForFinished(30000));
    const bool equal = QByteArray::fromStdString(sim::report::to_json(read->report)) == p.readAllStandardOutput();
    CHECK(equal);
  }
  CHECK(s.choices()->profiles.size() > 10);
}
