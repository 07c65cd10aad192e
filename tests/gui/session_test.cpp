// SPDX-License-Identifier: Apache-2.0
// A session as people drive it; its numbers are those the command line prints for the same file.
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

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
  const sim::report::Report found =
      layouts_of(s.engine().workbench(), *s.answer(), 0, [](double, const sim::report::Report&) { return true; });
  const sim::report::Table* layouts = find_table(found, "layouts");
  REQUIRE(layouts != nullptr);
  REQUIRE_FALSE(layouts->rows.empty());
  const auto& row = layouts->rows.front();
  s.edit("Layout",
         layout_edit(run->text(), s.answer(), *layouts, QString::fromStdString(std::get<std::string>(row[0]))));
  REQUIRE(settle(s));
  REQUIRE(s.answer()->result);
  // The step of the run as edited is the one the search promised, to the last bit.
  const double promised = std::get<double>(row[static_cast<std::size_t>(column_of(*layouts, "step_time_s"))]);
  CHECK(s.answer()->result->prediction.step.time.value() == promised);
  run->undo().undo();
  CHECK(run->text() == before);
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
