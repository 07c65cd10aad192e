// SPDX-License-Identifier: Apache-2.0
// Does every number say where it comes from, and is what it says the number?
#include <QtTest/QTest>

#include "gui/pages/campaign_page.hpp"
#include "sim/report/difference.hpp"
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
