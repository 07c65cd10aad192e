// SPDX-License-Identifier: Apache-2.0
// Item models over reports, under Qt's own tester.
#include <QAbstractItemModelTester>

#include "gui/models/sorted_model.hpp"
#include "gui/models/table_model.hpp"
#include "gui/models/term_model.hpp"
#include "gui/session/answer.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::gui;
using sim::report::Cell;
using sim::report::Table;
using sim::report::Unit;

namespace {

Table sample() {
  return {.key = "t",
          .columns = {{"id", "name", Unit::text},
                      {"s", "time", Unit::seconds},
                      {"x", "", Unit::count},
                      {"b", "", Unit::share, true}},
          .rows = {{std::string("b"), 0.5, 1.0, 0.25},
                   {std::string("a"), 20.0, 2.0, 1.0},
                   {std::string("c"), Cell{}, 3.0, Cell{}}}};
}

AnswerPtr answer_of(const char* run) {
  static const auto workbench = Workbench::open("", {});
  return evaluate_text(*workbench, workbench->run_text(run), run);
}

}  // namespace

TEST_CASE("a table model keeps Qt's contract, through resets too") {
  TableModel model;
  QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.set_table(sample());
  SortedModel sorted;
  sorted.setSourceModel(&model);
  QAbstractItemModelTester second(&sorted, QAbstractItemModelTester::FailureReportingMode::Fatal);
  sorted.sort(1, Qt::DescendingOrder);
  // 20 s before 500 ms: by value, not by text.
  CHECK(sorted.index(0, 0).data().toString() == "a");
  CHECK(sorted.index(2, 0).data().toString() == "c");  // no value: at the end either way
  sorted.sort(1, Qt::AscendingOrder);
  CHECK(sorted.index(0, 0).data().toString() == "b");
  CHECK(sorted.index(2, 0).data().toString() == "c");
  model.set_table({});
  CHECK(model.rowCount() == 0);
  model.set_table(sample());
  CHECK(model.rowCount() == 3);
}

TEST_CASE("cells read as the report formats them; columns without a title are not shown") {
  TableModel model;
  model.set_table(sample());
  REQUIRE(model.columnCount() == 3);
  CHECK(model.index(0, 1).data().toString() == "500 ms");
  CHECK(model.index(2, 1).data().toString() == "–");
  CHECK(model.index(0, 2).data(TableModel::share_role).toDouble() == 0.25);
  CHECK(model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString() == "time");
  CHECK(model.row_key(1) == "a");
  CHECK(model.row_key(99).isEmpty());
}

TEST_CASE("tables of real results keep the contract") {
  const AnswerPtr v3 = answer_of("deepseek-v3-2048-h800");
  const AnswerPtr llama = answer_of("llama3.1-405b-16k-h100");
  REQUIRE(v3->result);
  REQUIRE(llama->result);
  TableModel model;
  QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  for (const sim::report::Item& item : v3->result->step.items) {
    if (const auto* t = std::get_if<Table>(&item)) model.set_table(*t);
  }
  const Table* a = find_table(v3->result->step, "terms");
  const Table* b = find_table(llama->result->step, "terms");
  const Table both = term_table(*b, a, {"tag", "title", "seconds", "share"});
  model.set_table(both);
  CHECK(model.columnCount() == 6);
  CHECK(model.headerData(1, Qt::Horizontal, Qt::DisplayRole).toString() == "A");
}

TEST_CASE("a table as CSV has its columns and unrounded numbers") {
  const QString csv = to_csv(sample());
  CHECK(csv.startsWith("id,s,x,b"));
  CHECK(csv.contains("0.5"));
}

TEST_CASE("differences stand beside the numbers they are of, row by row of the same key") {
  using sim::report::Table;
  using sim::report::Unit;
  const std::vector<sim::report::Column> columns{
      {"rank", "rank", Unit::count}, {"gb", "size", Unit::gigabytes}, {"n", "n", Unit::count}};
  const Table a{.columns = columns, .rows = {{0.0, 50.0, 3.0}, {1.0, 40.0, 2.0}}};
  const Table b{.columns = columns, .rows = {{1.0, 44.0, 2.0}, {0.0, 48.0, 4.0}, {2.0, 9.0, 1.0}}};
  const std::array<sim::report::ComparedColumn, 2> which{{{"gb", "gb"}, {"n"}}};
  TableModel m;
  QAbstractItemModelTester tester(&m, QAbstractItemModelTester::FailureReportingMode::Fatal);
  m.set_table(with_differences(a, b, "rank", which));
  REQUIRE(m.columnCount() == 5);  // rank, size, B - A, n, B - A
  CHECK(m.index(0, 2).data().toString() == "+4.0 GB");
  CHECK(m.index(1, 2).data().toString() == "-2.0 GB");
  CHECK(m.index(0, 2).data(TableModel::verdict_role).toInt() == -1);  // more memory is worse
  CHECK(m.index(1, 2).data(TableModel::verdict_role).toInt() == 1);
  CHECK(m.index(1, 4).data().toString() == "+1");
  CHECK(m.index(1, 4).data(TableModel::verdict_role).toInt() == 0);  // nobody can say
  CHECK(m.index(2, 2).data().toString() == QStringLiteral("–"));     // no such rank in A
}
