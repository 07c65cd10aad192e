// SPDX-License-Identifier: Apache-2.0
// What a window owes to who works with it: files dropped are opened, commands copied run, everything has a tooltip, old
// numbers look old, and pages without results say so.
#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QFileInfo>
#include <QMenuBar>
#include <QMimeData>
#include <QProcess>
#include <QProcessEnvironment>
#include <QSplitter>
#include <QTemporaryDir>
#include <QtTest/QTest>

#include "gui/charts/rect_chart.hpp"
#include "gui/widgets/basics.hpp"
#include "gui/window/layout_memory.hpp"
#include "tests/gui/desk.hpp"

using namespace sextant;
using namespace sextant::gui;

namespace {

void drop(MainWindow& window, const QStringList& files) {
  QMimeData data;
  QList<QUrl> urls;
  for (const QString& f : files) urls << QUrl::fromLocalFile(f);
  data.setUrls(urls);
  QDragEnterEvent enter(QPoint(9, 9), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &enter);
  CHECK(enter.isAccepted());
  QDropEvent event(QPointF(9, 9), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &event);
}

/// A shell that finds the program under test; the exit code of what is typed there.
int run_in_shell(const QString& command) {
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  const QString folder = QFileInfo(QStringLiteral(SEXTANT_PROGRAM)).absolutePath();
  environment.insert("PATH", folder + ':' + environment.value("PATH"));
  QProcess shell;
  shell.setProcessEnvironment(environment);
  shell.setStandardOutputFile(QProcess::nullDevice());
  shell.start("bash", {"-c", command});
  return shell.waitForFinished(120000) ? shell.exitCode() : -1;
}

}  // namespace

TEST_CASE("a drop opens runs and campaigns, and a broken file says why and loses nothing") {
  const QTemporaryDir folder;
  Desk d;
  const QString run = folder.filePath("mine.sextant.json");
  REQUIRE(d.session.save(d.session.current(), run));
  const std::string campaign = d.session.engine().workbench().campaign_text("deepseek-v3");
  QFile file(folder.filePath("bill.json"));
  REQUIRE(file.open(QIODevice::WriteOnly));
  file.write(campaign.data(), static_cast<qint64>(campaign.size()));
  file.close();
  const std::size_t before = d.session.scenarios().size();
  drop(d.window, {run, file.fileName()});
  REQUIRE(d.settle());
  CHECK(d.session.scenarios().size() == before + 1);
  CHECK(d.window.page()->id() == "campaign");
  QFile broken(folder.filePath("broken.json"));
  REQUIRE(broken.open(QIODevice::WriteOnly));
  broken.write("{\"model\": ");
  broken.close();
  drop(d.window, {broken.fileName()});
  CHECK(d.session.scenarios().size() == before + 1);
  CHECK(texts_of(d.window).join('\n').contains("broken.json"));
}

TEST_CASE("the command that each page copies runs as it stands") {
  Desk d("llama3-8b-8-h100");
  for (const Page* page : d.window.pages()) {
    INFO(page->id().toStdString());
    REQUIRE(d.show(page->id()));
    QTest::keyClick(&d.window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    const QString command = QApplication::clipboard()->text();
    CHECK(command.startsWith("sextant "));
    if (page->id() == "accuracy") continue;  // a minute of work; other tests run it
    CHECK(run_in_shell(command) == 0);
  }
}

TEST_CASE("what can be edited or pressed says what it is for") {
  Desk d;
  for (const auto* button : d.window.findChildren<QPushButton*>()) {
    if (button->property("flat").toBool()) continue;
    INFO(button->text().toStdString());
    CHECK((!button->toolTip().isEmpty() || !button->text().isEmpty()));
  }
  for (const auto* field : d.window.plan().form().findChildren<QLineEdit*>()) {
    INFO(field->objectName().toStdString());
    const auto* parent = field->parentWidget();
    CHECK((!field->toolTip().isEmpty() || !parent->toolTip().isEmpty()));
  }
  for (const auto* table : d.window.findChildren<TableView*>()) {
    INFO(table->accessibleName().toStdString());
    CHECK_FALSE(table->accessibleName().isEmpty());
  }
  for (const auto* chart : d.window.findChildren<RectangleChart*>()) CHECK_FALSE(chart->accessibleName().isEmpty());
}

TEST_CASE("old numbers are paler while an impossible run stands, and bright again after") {
  Desk d;
  const auto* value = d.tile("days").findChildren<QLabel*>().at(2);
  REQUIRE(value->isEnabled());
  d.session.edit("tp", {{"/parallelism/tp", 7}});
  REQUIRE(d.settle());
  CHECK_FALSE(value->isEnabled());
  d.session.current()->undo().undo();
  REQUIRE(d.settle());
  CHECK(value->isEnabled());
}

TEST_CASE("the window is found as it was left") {
  const QTemporaryDir folder;
  QSettings settings(folder.filePath("window.ini"), QSettings::IniFormat);
  {
    Desk d;
    REQUIRE(d.show("step"));
    auto* split = d.window.page()->findChild<QSplitter*>();
    split->setSizes({500, 150});
    save_layout(d.window, settings);
    save_theme(ThemeMode::dark, settings);
  }
  Desk d;
  restore_layout(d.window, settings);
  REQUIRE(d.show("step"));
  const QList<int> sizes = d.window.page()->findChild<QSplitter*>()->sizes();
  CHECK(sizes.at(0) > 2 * sizes.at(1));
  CHECK(settings.value("page").toString() == "step");
  CHECK(saved_theme(settings) == ThemeMode::dark);
}
