// SPDX-License-Identifier: Apache-2.0
// Does every number say where it comes from, and is what it says the number?
#include <QtTest/QTest>
#include <set>

#include "gui/pages/campaign_page.hpp"
#include "gui/pages/kernels_page.hpp"
#include "sim/report/difference.hpp"
#include "sim/report/explain_measured_step.hpp"
#include "sim/report/explain_slice.hpp"
#include "sim/validation/sets.hpp"
#include "tests/gui/desk.hpp"

using namespace sextant;
using namespace sextant::gui;
using sim::report::column_of;
using sim::report::find_figure;
using sim::report::find_table;

namespace {

double number_in(const sim::report::Table& t, const std::vector<sim::report::Cell>& row, const char* key) {
  return std::get<double>(row[static_cast<std::size_t>(column_of(t, key))]);
}

/// The row whose first cell is `name`.
const std::vector<sim::report::Cell>& row_of(const sim::report::Table& t, const std::string& name) {
  for (const auto& row : t.rows) {
    if (std::get<std::string>(row.front()) == name) return row;
  }
  throw std::runtime_error("no row " + name);
}

CampaignPage& campaign(Desk& d) { return dynamic_cast<CampaignPage&>(*d.window.page()); }

}  // namespace

TEST_CASE("every bar of the waterfall explains itself, failures too") {
  Desk d;
  const Evaluated& e = *d.session.answer()->result;
  const auto& bench = d.session.engine().workbench();
  for (const auto& row : e.waterfall.rows) {
    const std::string tag = std::get<std::string>(row[static_cast<std::size_t>(column_of(e.waterfall, "tag"))]);
    INFO(std::get<std::string>(row.front()));
    CHECK_FALSE(tag.empty());
    CHECK(explanation(bench, *d.session.answer(), tag).items.size() > 1);
  }
  const auto why = explanation(bench, *d.session.answer(), "goodput");
  const double lost = number_in(e.waterfall, row_of(e.waterfall, "Failures and checkpoints"), "seconds");
  CHECK(find_figure(why, "value")->value == Approx(lost));
  // The shares are of all the time.
  double sum = 0;
  const auto* shares = find_table(why, "shares");
  for (const auto& row : shares->rows) sum += number_in(*shares, row, "share");
  CHECK(sum == Approx(1));
  CHECK(e.prediction.step.time.value() / number_in(*shares, row_of(*shares, "trains"), "share") ==
        Approx(e.prediction.step.time.value() + lost));
}

TEST_CASE("every tile and stage of a campaign explains itself with its own figure") {
  Desk d;
  REQUIRE(d.show("campaign"));
  const BillPtr bill = campaign(d).bill();
  REQUIRE(bill);
  for (const Tile* t : campaign(d).tiles()) {
    INFO(t->key().toStdString());
    const auto why = bill->explain(t->key().toStdString());
    REQUIRE(find_figure(why, "value") != nullptr);
    CHECK(find_figure(why, "value")->value == find_figure(bill->headline, t->key().toStdString())->value);
    CHECK((find_table(why, "inputs") != nullptr));
  }
  const auto* stages = find_table(bill->report, "stages");
  for (int row = 0; row < campaign(d).stages().rowCount(); ++row) {
    const auto why = bill->explain(campaign(d).stages().why_tag(row).toStdString());
    REQUIRE(find_figure(why, "value") != nullptr);
    CHECK(find_figure(why, "value")->value ==
          number_in(*stages, stages->rows[static_cast<std::size_t>(row)], "gpu_hours/mid"));
  }
  // The inputs of the rent are its factors.
  const auto rent = bill->explain("rent_usd");
  const auto* in = find_table(rent, "inputs");
  const double product = number_in(*in, row_of(*in, "GPU-hours that are paid for"), "value") *
                         number_in(*in, row_of(*in, "rent of a GPU-hour"), "value");
  CHECK(find_figure(rent, "value")->value == Approx(product));
}

TEST_CASE("a click on a tile or Enter on a stage's figure opens why; units follow") {
  Desk d;
  REQUIRE(d.show("campaign"));
  QTest::mouseClick(campaign(d).tiles().front(), Qt::LeftButton);
  REQUIRE(d.settle());
  CHECK(d.window.why_panel().isVisible());
  const QString tile = texts_of(d.window.why_panel()).join('\n');
  CHECK(tile.contains("share of the time that trains"));
  auto* table = d.window.page()->findChild<QTableView*>("stages");
  REQUIRE(table != nullptr);
  table->setFocus();
  table->setCurrentIndex(table->model()->index(1, StageModel::gpu_hours));
  QTest::keyClick(table, Qt::Key_Return);
  REQUIRE(d.settle());
  const QString stage = texts_of(d.window.why_panel()).join('\n');
  CHECK(stage != tile);
  CHECK(stage.contains("tokens trained on"));
  // What is explained is explained anew in other units, by itself.
  QTest::mouseClick(campaign(d).tiles().at(2), Qt::LeftButton);
  REQUIRE(d.settle());
  CHECK(texts_of(d.window.why_panel()).join('\n').contains('$'));
  d.session.set_units({true, true});
  REQUIRE(wait_until([&] { return campaign(d).complete() && d.session.engine().idle(); }));
  REQUIRE(d.settle());
  CHECK_FALSE(texts_of(d.window.why_panel()).join('\n').contains('$'));
}

TEST_CASE("the waterfall can be walked and asked by keys") {
  Desk d;
  auto* chart = dynamic_cast<RectangleChart*>(d.window.plan().chart());
  REQUIRE(chart != nullptr);
  QString asked;
  QObject::connect(chart, &Chart::tag_clicked, [&](const QString& tag) { asked = tag; });
  chart->setFocus();
  QTest::keyClick(chart, Qt::Key_Down);
  QTest::keyClick(chart, Qt::Key_Down);
  QTest::keyClick(chart, Qt::Key_Return);
  CHECK(asked == chart->chart().rects.at(1).tag);
  QTest::keyClick(chart, Qt::Key_Up);
  QTest::keyClick(chart, Qt::Key_Return);
  CHECK(asked == chart->chart().rects.at(0).tag);
}

TEST_CASE("every slice of the pipeline is the sum of the terms it names, under every kind of schedule") {
  struct Shape {
    const char* schedule;
    int vp;
    const char* pass;  ///< that this schedule and no simpler one has
  };
  const auto [schedule, vp, pass] = GENERATE(Shape{"1f1b", 1, "B0"}, Shape{"interleaved", 2, "F0.1"},
                                             Shape{"zbv", 2, "W0.1"}, Shape{"dualpipe", 1, "&B"});
  INFO(schedule);
  Desk d;
  d.session.edit("schedule", {{"/parallelism/schedule", schedule}, {"/parallelism/vp", vp}});
  REQUIRE(d.settle());
  const AnswerPtr a = d.session.answer();
  REQUIRE(a->result);
  const auto& bench = d.session.engine().workbench();
  const sim::report::TraceDocument trace = picture_of(bench, *a)->trace;
  const sim::StepTimeline step = sim::step_timeline(a->result->run, bench.calibration.parameters);
  const sim::report::Explained e{a->result->run, a->result->prediction, bench.calibration};
  bool seen = false;
  int slices = 0;
  for (std::size_t i = 0; i < trace.slices.size(); i += 7) {
    const auto& s = trace.slices[i];
    CHECK_FALSE(s.tag.empty());
    if (!sim::report::explains_slice(s.tag)) continue;
    INFO(s.tag);
    const auto why = sim::report::explain_slice(e, step, s.tag);
    REQUIRE(find_figure(why, "value") != nullptr);
    CHECK(find_figure(why, "value")->value == Approx(s.duration.value()).epsilon(1e-9));
    // The title counts micro-batches as the slice's name does.
    CHECK(why.title.find(" micro-batch " + std::to_string(std::stoi(s.name.substr(1)))) != std::string::npos);
    const auto* terms = find_table(why, "terms");
    double sum = 0;
    for (const auto& row : terms->rows) {
      sum += number_in(*terms, row, "seconds");
      CHECK_FALSE(std::get<std::string>(row[static_cast<std::size_t>(column_of(*terms, "formula"))]).empty());
    }
    CHECK(sum == Approx(s.duration.value()).epsilon(1e-9));
    ++slices;
  }
  for (const auto& s : trace.slices) seen = seen || s.name.find(pass) != std::string::npos;
  CHECK(seen);
  CHECK(slices > 50);
}

TEST_CASE("the first stage holds the embedding, the last one the head, the others neither") {
  Desk d;
  const AnswerPtr a = d.session.answer();
  const auto& bench = d.session.engine().workbench();
  const auto has = [&](const char* slice, const char* term) {
    const auto why = explanation(bench, *a, slice);
    for (const auto& row : find_table(why, "terms")->rows) {
      if (std::get<std::string>(row.front()) == term) return true;
    }
    return false;
  };
  CHECK(has("slice/0/F0.0", "step/compute/embedding"));
  CHECK_FALSE(has("slice/0/F0.0", "step/compute/head"));
  CHECK_FALSE(has("slice/3/F0.0", "step/compute/embedding"));
  CHECK(has("slice/15/F0.0", "step/compute/head"));
  // Sends and the end of the step have the explanations of their terms.
  const PicturePtr picture = picture_of(bench, *a);
  for (const auto& s : picture->trace.slices) {
    INFO(s.name << " " << s.category);
    if (s.category == "communication" || s.category == "step") CHECK(s.tag.starts_with("step/"));
  }
}

TEST_CASE("a slice is asked by mouse and keys, a drag asks for nothing") {
  Desk d;
  REQUIRE(d.show("step"));
  auto* gantt = dynamic_cast<RectangleChart*>(d.window.page()->chart());
  REQUIRE(gantt != nullptr);
  QStringList asked;
  QObject::connect(gantt, &Chart::tag_clicked, [&](const QString& tag) { asked << tag; });
  const Rect& r = gantt->chart().rects.at(0);
  gantt->xAxis->setRange(r.x0, r.x1);
  const QPoint at(static_cast<int>(gantt->xAxis->coordToPixel((r.x0 + r.x1) / 2)),
                  static_cast<int>(gantt->yAxis->coordToPixel((r.y0 + r.y1) / 2)));
  QTest::mousePress(gantt, Qt::LeftButton, {}, at);
  QTest::mouseMove(gantt, at + QPoint(60, 0));
  QTest::mouseRelease(gantt, Qt::LeftButton, {}, at + QPoint(60, 0));
  CHECK(asked.isEmpty());
  gantt->xAxis->setRange(r.x0, r.x1);
  QTest::mouseClick(gantt, Qt::LeftButton, {}, at);
  CHECK(asked == QStringList{r.tag});
  REQUIRE(d.settle());
  CHECK(d.window.why_panel().isVisible());
  CHECK(texts_of(d.window.why_panel()).join('\n').contains(QStringLiteral("forward of micro-batch 0")));
  gantt->setFocus();
  QTest::keyClick(gantt, Qt::Key_Down);
  QTest::keyClick(gantt, Qt::Key_Down);
  QTest::keyClick(gantt, Qt::Key_Return);
  CHECK(asked.last() == gantt->chart().rects.at(1).tag);
  // The run changes to one without the slice: the panel says so.
  d.session.edit("pp", {{"/parallelism/schedule", "1f1b"}});
  REQUIRE(d.settle());
  CHECK(texts_of(d.window.why_panel()).join('\n').contains(QStringLiteral("no longer has")));
}

TEST_CASE("every measured kernel and every table of them explains itself with its own figures") {
  Desk d;
  REQUIRE(d.show("kernels"));
  auto& page = dynamic_cast<KernelsPage&>(*d.window.page());
  REQUIRE(page.kernels());
  const Kernels& k = *page.kernels();
  const auto text = [](const sim::report::Table& t, const std::vector<sim::report::Cell>& row, const char* key) {
    return std::get<std::string>(row[static_cast<std::size_t>(column_of(t, key))]);
  };
  REQUIRE(k.samples.rows.size() > 100);
  std::set<std::string> tags;
  int formed = 0;
  for (std::size_t i = 0; i < k.samples.rows.size(); i += 23) {
    const auto& row = k.samples.rows[i];
    const std::string tag = text(k.samples, row, "tag");
    INFO(tag);
    CHECK(tags.insert(tag).second);
    const auto why = k.explain(tag);
    REQUIRE(find_figure(why, "value") != nullptr);
    const double measured = number_in(k.samples, row, "measured_s");
    CHECK(find_figure(why, "value")->value == measured);
    CHECK(why.title.find(text(k.samples, row, "shape")) != std::string::npos);
    const auto* in = find_table(why, "inputs");
    if (const auto* roof = find_figure(why, "roof")) {
      CHECK(roof->value == number_in(k.samples, row, "roof_share"));
      // The roofline of Williams et al. (2009) from the inputs that are shown.
      double least = number_in(*in, row_of(*in, "bytes"), "value") / number_in(*in, row_of(*in, "HBM"), "value");
      for (const auto& r : in->rows) {
        if (std::get<std::string>(r.front()) != "dense peak") continue;
        least = std::max(least, number_in(*in, row_of(*in, "FLOPs"), "value") / number_in(*in, r, "value"));
      }
      CHECK(roof->value == Approx(least / measured));
    }
    if (const auto* form = find_figure(why, "form")) {
      CHECK(form->value == number_in(k.samples, row, "form_over_measured"));
      CHECK(find_figure(why, "form_s")->value == Approx(form->value * measured));
      ++formed;
    }
  }
  CHECK(formed > 0);
  for (const auto& row : k.tables.rows) {
    const auto why = k.explain(text(k.tables, row, "tag"));
    REQUIRE_FALSE(why.items.empty());
    CHECK(why.title.starts_with(text(k.tables, row, "family")));
    if (const auto* form = find_figure(why, "form")) {
      CHECK(form->value == number_in(k.tables, row, "median_form_over_measured"));
    }
  }
  CHECK(k.explain("kernel/another-profile/0/0").items.empty());
  // Enter on a row opens it.
  auto* table = page.findChild<TableView*>();
  REQUIRE(table != nullptr);
  table->setCurrentIndex(table->model()->index(2, 0));
  QTest::keyClick(table, Qt::Key_Return);
  REQUIRE(d.settle());
  CHECK(d.window.why_panel().isVisible());
  CHECK(texts_of(d.window.why_panel()).join('\n').contains(QStringLiteral("measured")));
}

TEST_CASE("a measured step and a set of them explain their errors") {
  const auto bench = Workbench::open("", {});
  Diagnostics faults;
  auto observations = sim::fitted_observations(bench->catalogue, faults);
  REQUIRE(observations.size() > 5);
  observations.resize(5);
  std::vector<sim::report::ValidationBeside> sets;
  sets.push_back({"fit", "calibrated on", sim::validate(observations, bench->catalogue, bench->calibration, faults)});
  REQUIRE(faults.empty());
  for (const auto& o : observations) {
    const auto why = sim::report::explain_measured(sets, bench->calibration, sim::report::measured_step_tag(o.id));
    INFO(o.id);
    REQUIRE(find_figure(why, "measured") != nullptr);
    CHECK(find_figure(why, "measured")->value == Approx(o.step_time_s));
    CHECK(find_figure(why, "error")->value ==
          Approx(find_figure(why, "value")->value / o.step_time_s - 1).epsilon(1e-6));
    const auto* terms = find_table(why, "terms");
    double sum = 0;
    for (const auto& row : terms->rows) sum += number_in(*terms, row, "seconds");
    CHECK(sum == Approx(find_figure(why, "value")->value).epsilon(1e-6));
    bool cited = false;
    for (const auto& item : why.items) {
      const auto* f = std::get_if<sim::report::Fact>(&item);
      cited = cited || (f != nullptr && f->key == "source" && f->value.find(o.source.title) != std::string::npos);
    }
    CHECK(cited);
  }
  const auto set = sim::report::explain_measured(sets, bench->calibration, sim::report::measured_set_tag("fit"));
  CHECK(find_figure(set, "n")->value == 5);
  CHECK_FALSE(find_table(set, "groups")->rows.empty());
  CHECK(sim::report::explain_measured(sets, bench->calibration, "measured/none").items.empty());
}

TEST_CASE("a row of the accuracy page and a set of rows are asked by keys and a link") {
  Desk d;
  REQUIRE(d.show("accuracy"));
  auto* table = d.window.page()->findChild<TableView*>();
  REQUIRE(table != nullptr);
  table->select_key(QStringLiteral("deepseek-v3-h800-fp8-2048-mpft"));
  QTest::keyClick(table, Qt::Key_Return);
  REQUIRE(d.settle());
  CHECK(d.window.why_panel().isVisible());
  const QString row = texts_of(d.window.why_panel()).join('\n');
  CHECK(row.contains(QStringLiteral("deepseek-v3-h800-fp8-2048-mpft")));
  CHECK(row.contains(QStringLiteral("Where the predicted time goes")));
  // The run's figures are explained here too.
  d.window.ask_why("cost_usd");
  REQUIRE(d.settle());
  CHECK(texts_of(d.window.why_panel()).join('\n').contains('$'));
  int links = 0;
  for (QLabel* label : d.window.page()->findChildren<QLabel*>()) {
    if (!label->text().contains(QLatin1String("<a href"))) continue;
    ++links;
    Q_EMIT label->linkActivated(QString::fromStdString(sim::report::measured_set_tag("fit")));
  }
  CHECK(links == 1);
  REQUIRE(d.settle());
  CHECK(texts_of(d.window.why_panel()).join('\n').contains(QStringLiteral("are those the calibration is fitted to")));
}
