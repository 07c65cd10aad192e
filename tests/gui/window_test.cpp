// SPDX-License-Identifier: Apache-2.0
// The window by mouse and keyboard.
#include <QAbstractItemModelTester>
#include <QProcess>
#include <QSlider>
#include <QStyleOptionSlider>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include "gui/models/table_model.hpp"
#include "gui/pages/campaign_page.hpp"
#include "gui/pages/plan_page.hpp"
#include "gui/screenshots.hpp"
#include "gui/window/main_window.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/exporters.hpp"
#include "tests/gui/desk.hpp"

using namespace sextant;
using namespace sextant::gui;

TEST_CASE("typing tokens with a unit changes the tiles") {
  Desk d;
  const QString before = d.tile("days").value_text();
  const auto days = [&d] { return find_figure(d.session.answer()->result->headline, "days")->value; };
  const double days_before = days();
  QLineEdit* tokens = d.find<LogField>("/goal/tokens")->field();
  tokens->setFocus();
  tokens->selectAll();
  QTest::keyClicks(tokens, "7.4T tokens");
  QTest::keyClick(tokens, Qt::Key_Return);
  REQUIRE(d.settle());
  CHECK(d.session.current()->value("/goal/tokens").toDouble() == 7.4e12);
  CHECK(d.tile("days").value_text() != before);
  // Half the tokens, half the days.
  CHECK(days() == Approx(days_before / 2));
}

TEST_CASE("what cannot be read is marked and changes nothing") {
  Desk d;
  const QByteArray before = d.session.current()->text();
  QLineEdit* tokens = d.find<LogField>("/goal/tokens")->field();
  tokens->selectAll();
  QTest::keyClicks(tokens, "a lot");
  QTest::keyClick(tokens, Qt::Key_Return);
  CHECK(tokens->property("fault").toBool());
  CHECK(d.session.current()->text() == before);
}

TEST_CASE("a drag of the GPUs is one edit and always a possible layout") {
  Desk d;
  QSlider* slider = d.find<LogField>("/cluster/gpus")->slider();
  const int undo_before = d.session.current()->undo().count();
  slider->setSliderDown(true);
  for (int p = slider->value(); p < slider->value() + 1 && p < 900; p += 7) {
    slider->setValue(p);
    QApplication::processEvents();
  }
  for (int p = 560; p < 760; p += 9) {
    slider->setValue(p);
    REQUIRE(d.settle());
    INFO(d.session.answer()->faults.text());
    REQUIRE(d.session.answer()->result);
  }
  slider->setSliderDown(false);
  CHECK(d.session.current()->undo().count() == undo_before + 1);
  CHECK(d.session.answer()->result->run.cluster.gpus > 2048);
  d.session.current()->undo().undo();
  REQUIRE(d.settle());
  CHECK(d.session.answer()->result->run.cluster.gpus == 2048);
}

TEST_CASE("every tile says why") {
  Desk d;
  for (const Tile* tile : d.window.plan().tiles()) {
    INFO(tile->key().toStdString());
    QTest::mouseClick(const_cast<Tile*>(tile), Qt::LeftButton);
    REQUIRE(d.settle());
    CHECK(d.window.why_panel().isVisible());
  }
  const auto explained = explanation(d.session.engine().workbench(), *d.session.answer(), "cost_usd");
  REQUIRE(find_table(explained, "inputs") != nullptr);
  CHECK(find_table(explained, "inputs")->rows.size() == 2);
}

TEST_CASE("a point of the search becomes the run") {
  Desk d("llama3-8b-8-h100");
  d.window.plan().search().start();
  REQUIRE(wait_until([&] { return !d.window.plan().search().running(); }, 60000));
  const auto& groups = d.window.plan().search().chart().groups();
  REQUIRE_FALSE(groups.empty());
  const QByteArray before = d.session.current()->text();
  Q_EMIT d.window.plan().search().chart().point_clicked(groups.back().points.back().id);
  REQUIRE(d.settle());
  CHECK(d.session.current()->text() != before);
  CHECK(d.session.answer()->result.has_value());
}

TEST_CASE("typing, dragging, clicking a point, undoing, saving and reopening end in the command line's numbers") {
  const QTemporaryDir folder;
  Desk d;
  // Types.
  QLineEdit* tokens = d.find<LogField>("/goal/tokens")->field();
  tokens->setFocus();
  tokens->selectAll();
  QTest::keyClicks(tokens, "2T tokens");
  QTest::keyClick(tokens, Qt::Key_Return);
  REQUIRE(d.settle());
  // Drags, with the mouse.
  QSlider* slider = d.find<LogField>("/cluster/gpus")->slider();
  QStyleOptionSlider option;
  option.initFrom(slider);
  option.orientation = Qt::Horizontal;
  option.minimum = slider->minimum();
  option.maximum = slider->maximum();
  option.sliderPosition = option.sliderValue = slider->value();
  const QRect knob = slider->style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, slider);
  QTest::mousePress(slider, Qt::LeftButton, {}, knob.center());
  for (int x = 0; x < 24; x += 4) QTest::mouseMove(slider, knob.center() + QPoint(x, 0));
  QTest::mouseRelease(slider, Qt::LeftButton, {}, knob.center() + QPoint(24, 0));
  REQUIRE(d.settle());
  REQUIRE(d.session.answer()->result);
  const int dragged_to = d.session.answer()->result->run.cluster.gpus;
  CHECK(dragged_to > 2048);
  // Searches, and clicks a point of the front.
  LayoutSearch& search = d.window.plan().search();
  d.window.plan().show_search();
  search.start();
  REQUIRE(wait_until([&] { return !search.running() && d.session.engine().idle(); }, 120000));
  QString id;
  for (const PointGroup& g : search.chart().groups()) {
    if (!g.hollow && !g.points.empty()) id = g.points.back().id;
  }
  const auto place = search.chart().place_of(id);
  REQUIRE(place);
  const QByteArray before = d.session.current()->text();
  QTest::mouseClick(&search.chart(), Qt::LeftButton, {}, place->toPoint());
  REQUIRE(d.settle());
  CHECK(d.session.current()->text() != before);
  REQUIRE(d.session.answer()->result);
  // Undoes and does it again, by keyboard.
  const QByteArray after = d.session.current()->text();
  d.window.activateWindow();
  QTest::keyClick(&d.window, Qt::Key_Z, Qt::ControlModifier);
  REQUIRE(d.settle());
  CHECK(d.session.current()->text() == before);
  QTest::keyClick(&d.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
  if (d.session.current()->text() != after) d.session.undo_group().redo();
  REQUIRE(d.settle());
  CHECK(d.session.current()->text() == after);
  // Saves, reopens, and compares with what the program prints.
  const QString path = folder.filePath("path.sextant.json");
  REQUIRE(d.session.save(d.session.current(), path));
  REQUIRE(d.session.open(path));
  REQUIRE(d.settle());
  REQUIRE(d.session.answer()->result);
  QProcess p;
  p.start(SEXTANT_PROGRAM, {"simulate", path, "--json"});
  REQUIRE(p.waitForFinished(30000));
  const bool equal =
      QByteArray::fromStdString(report::to_json(d.session.answer()->result->step)) == p.readAllStandardOutput();
  CHECK(equal);
}

TEST_CASE("an edited campaign is saved, and costs what the command line says") {
  const QTemporaryDir folder;
  Desk d;
  d.window.show_page(QStringLiteral("campaign"));
  auto* page = dynamic_cast<CampaignPage*>(d.window.page());
  REQUIRE(page != nullptr);
  REQUIRE(wait_until([&] { return page->complete(); }, 60000));
  auto* table = d.window.findChild<QTableView*>(QStringLiteral("stages"));
  REQUIRE(table != nullptr);
  table->setFocus();
  table->setCurrentIndex(page->stages().index(1, StageModel::amount));
  QTest::keyClick(table, Qt::Key_F2);
  auto* editor = table->findChild<QLineEdit*>();
  REQUIRE(editor != nullptr);
  editor->selectAll();
  QTest::keyClicks(editor, "7T");
  QTest::keyClick(editor, Qt::Key_Return);
  Scenario* c = d.session.campaigns().current();
  REQUIRE(wait_until([&] { return c->value("/stages/1/tokens_b").toDouble() == 7000 && page->complete(); }, 60000));
  const QString path = folder.filePath("campaign.json");
  REQUIRE(d.session.save(c, path));
  QProcess p;
  p.start(SEXTANT_PROGRAM, {"cost", path, "--json"});
  REQUIRE(p.waitForFinished(60000));
  const bool equal = QByteArray::fromStdString(report::to_json(page->bill()->report)) == p.readAllStandardOutput();
  CHECK(equal);

  // Pinned, a copy shows what differs on the tiles and in the stages.
  d.session.campaigns().pin(c);
  Scenario* copy = d.session.campaigns().duplicate(c);
  copy->edit("stage", {{"/stages/1/tokens_b", 14000}});
  REQUIRE(wait_until([&] { return page->complete(); }, 60000));
  bool shown = false;
  for (const QLabel* label : page->tiles().front()->findChildren<QLabel*>())
    shown = shown || (label->isVisible() && label->text().startsWith("A "));
  CHECK(shown);
  CHECK(page->stages().index(1, StageModel::difference).data().toString().startsWith('+'));
  CHECK(page->stages().index(1, StageModel::difference).data(TableModel::verdict_role).toInt() == -1);
}

TEST_CASE("a scenario is renamed in place") {
  Desk d;
  QTest::keyClick(&d.window, Qt::Key_R, Qt::ControlModifier);
  auto* field = d.window.findChild<QComboBox*>(QStringLiteral("scenarios"))->lineEdit();
  REQUIRE(field != nullptr);
  QTest::keyClicks(field, "my run");
  QTest::keyClick(field, Qt::Key_Return);
  REQUIRE(wait_until([&] { return d.session.current()->name() == "my run"; }, 2000));
}

TEST_CASE("what is missing at the start is said, and the window works") {
  Session session({{}, {"no-such-profile.json"}, {}});
  MainWindow window(session);
  window.show();
  session.add_from_catalogue("llama3-8b-8-h100");
  REQUIRE(wait_until([&] { return !session.stale() && session.engine().idle(); }));
  CHECK(session.answer()->result.has_value());
  bool said = false;
  for (const Banner* b : window.findChildren<Banner*>())
    said = said || (b->isVisible() && b->text().contains("no-such-profile"));
  CHECK(said);
}

TEST_CASE("a pinned scenario puts differences on the tiles") {
  Desk d;
  d.session.pin(d.session.current());
  d.session.duplicate(d.session.current());
  d.session.edit("price", {{"/goal/usd_per_gpu_hour", 4.0}});
  REQUIRE(d.settle());
  bool shown = false;
  for (const QLabel* label : d.tile("cost_usd").findChildren<QLabel*>())
    shown = shown || label->text().contains("+100.0 %");
  CHECK(shown);
}

TEST_CASE("pages export as picture, drawing, document, table and report") {
  const QTemporaryDir folder;
  Desk d;
  for (const char* name : {"a.png", "a.svg", "a.pdf", "a.csv", "a.html"}) {
    CAPTURE(name);
    const QString path = folder.filePath(name);
    CHECK(d.window.export_to(path));
    CHECK(QFileInfo(path).size() > 500);
  }
  CHECK_FALSE(d.window.export_to(folder.filePath("none") + "/a.csv"));
}

TEST_CASE("the keyboard reaches every input and every page") {
  Desk d;
  for (std::size_t i = 0; i < d.window.pages().size(); ++i) {
    d.window.show_page(static_cast<int>(i));
    REQUIRE(wait_until([&] { return d.window.page()->complete(); }));
  }
  d.window.show_page(0);
  for (const QLineEdit* field : d.window.plan().form().findChildren<QLineEdit*>()) {
    if (field->objectName() != "qt_spinbox_lineedit") CHECK((field->focusPolicy() & Qt::TabFocus) != 0);
  }
  for (const Tile* tile : d.window.plan().tiles()) {
    CHECK((tile->focusPolicy() & Qt::TabFocus) != 0);
    CHECK_FALSE(tile->toolTip().isEmpty());
    CHECK_FALSE(tile->accessibleName().isEmpty());
  }
}

TEST_CASE("an impossible run keeps the last numbers and says what is wrong in place") {
  Desk d;
  const QString days = d.tile("days").value_text();
  d.session.edit("tp", {{"/parallelism/tp", 7}});
  REQUIRE(d.settle());
  CHECK(d.tile("days").value_text() == days);
  const auto* field = d.find<QLineEdit>("/parallelism/tp");
  REQUIRE(field != nullptr);
  bool said = false;
  for (const Banner* b : d.window.findChildren<Banner*>())
    said = said || (b->isVisible() && b->text().contains("tp 7"));
  CHECK(said);
}

TEST_CASE("editing a stage of a campaign changes its bill; undo brings both back") {
  Desk d;
  d.window.show_page(QStringLiteral("campaign"));
  auto* page = dynamic_cast<CampaignPage*>(d.window.page());
  REQUIRE(page != nullptr);
  REQUIRE(wait_until([&] { return page->complete(); }, 60000));
  QAbstractItemModelTester tester(&page->stages(), QAbstractItemModelTester::FailureReportingMode::Fatal);
  const double before = find_figure(page->bill()->report, "gpu_hours/mid")->value;
  const QModelIndex tokens = page->stages().index(1, StageModel::amount);
  CHECK(tokens.data().toString() == "14.331T tokens");
  REQUIRE(page->stages().setData(tokens, "28.662T", Qt::EditRole));
  REQUIRE(wait_until([&] { return page->complete(); }, 60000));
  CHECK(find_figure(page->bill()->report, "gpu_hours/mid")->value > 1.7 * before);
  CHECK_FALSE(page->stages().setData(tokens, "plenty", Qt::EditRole));
  d.session.undo_group().undo();
  REQUIRE(wait_until([&] { return page->complete(); }, 60000));
  CHECK(find_figure(page->bill()->report, "gpu_hours/mid")->value == before);
}
