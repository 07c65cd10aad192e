// SPDX-License-Identifier: Apache-2.0
// With a scenario pinned as A every number has its difference beside it, and the difference is B's number less A's.
#include <QtTest/QTest>

#include "gui/models/table_model.hpp"
#include "gui/pages/claims_page.hpp"
#include "gui/widgets/basics.hpp"
#include "sim/report/difference.hpp"
#include "tests/gui/desk.hpp"

using namespace sextant;
using namespace sextant::gui;
using sim::report::column_of;

namespace {

const TableModel* table_with(const QWidget& page, const char* key) {
  for (const auto* view : page.findChildren<TableView*>()) {
    auto& model = const_cast<TableView*>(view)->source();
    if (column_of(model.table(), key) >= 0) return &model;
  }
  return nullptr;
}

double at(const sim::report::Table& t, std::size_t row, const char* key) {
  return std::get<double>(t.rows[row][static_cast<std::size_t>(column_of(t, key))]);
}

}  // namespace

TEST_CASE("the tables of pipeline ranks say how B differs from A") {
  Desk d;
  REQUIRE(d.show("step"));
  REQUIRE(d.show("memory"));
  CHECK(table_with(*d.window.page(), "difference/total") == nullptr);
  const AnswerPtr a = d.session.answer();
  d.session.pin(d.session.current());
  d.session.duplicate(d.session.current());
  d.session.edit("precision", {{"/precision", "bf16"}});
  REQUIRE(d.settle());
  const sim::report::Table* then = find_table(a->result->step, "memory_gb/per_stage");
  const sim::report::Table* now = find_table(d.session.answer()->result->step, "memory_gb/per_stage");
  REQUIRE(d.show("memory"));
  const TableModel* memory = table_with(*d.window.page(), "difference/total");
  REQUIRE(memory != nullptr);
  for (std::size_t rank = 0; rank < now->rows.size(); ++rank) {
    CHECK(at(memory->table(), rank, "difference/weights") ==
          Approx(at(*now, rank, "weights") - at(*then, rank, "weights")).margin(1e-9));
  }
  REQUIRE(d.show("step"));
  const TableModel* ranks = table_with(*d.window.page(), "difference/busy_s");
  REQUIRE(ranks != nullptr);
  for (std::size_t rank = 0; rank < ranks->table().rows.size(); ++rank) {
    CHECK(at(ranks->table(), rank, "difference/busy_s") > 0);  // BF16 products take longer than FP8's
  }
}

TEST_CASE("a pinned claim stands beside the others") {
  Desk d;
  REQUIRE(d.show("claims"));
  auto& page = dynamic_cast<ClaimsPage&>(*d.window.page());
  auto* view = page.findChild<TableView*>();
  view->select_key("deepseek-v3-total");
  REQUIRE(d.settle());
  QTest::keyClick(&d.window, Qt::Key_B, Qt::ControlModifier);
  CHECK(page.shows_pinned());
  CHECK(d.session.pinned() == nullptr);  // claims, not runs
  view->select_key("deepseek-v3-pretrain");
  REQUIRE(d.settle());
  CHECK_FALSE(page.shows_pinned());
  // arXiv 2412.19437, table 1: 2,664 K of 2,788 K GPU-hours.
  const sim::report::Table& t = view->source().table();
  bool found = false;
  for (std::size_t row = 0; row < t.rows.size(); ++row) {
    if (view->source().row_key(static_cast<int>(row)) != "deepseek-v3-pretrain") continue;
    found = true;
    CHECK(at(t, row, "difference/gpu_hours/claimed") == -124000.0);
  }
  CHECK(found);
  CHECK(texts_of(page).join('\n').contains("A is deepseek-v3-total"));
  QTest::keyClick(&d.window, Qt::Key_B, Qt::ControlModifier);  // the other one is A now
  QTest::keyClick(&d.window, Qt::Key_B, Qt::ControlModifier);  // and no more
  CHECK(column_of(view->source().table(), "difference/mfu") < 0);
}
