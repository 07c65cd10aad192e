// SPDX-License-Identifier: Apache-2.0
// Where charts put things, by arithmetic on small tables.
#include <numeric>

#include "gui/geometry/grid.hpp"
#include "gui/geometry/lines.hpp"
#include "gui/geometry/rectangles.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::gui;
using sim::report::Table;
using sim::report::Unit;

namespace {

/// 4 s ideal, 3 s lost, 1 s won back, 6 s in all.
Table fall() {
  return {.key = "waterfall",
          .columns = {{"title", "", Unit::text},
                      {"tag", "", Unit::text},
                      {"from_s", "", Unit::seconds},
                      {"to_s", "", Unit::seconds},
                      {"seconds", "", Unit::seconds},
                      {"share", "", Unit::share}},
          .rows = {{std::string("ideal"), std::string(), 0.0, 4.0, 4.0, 4.0 / 6},
                   {std::string("loss"), std::string("step/a"), 4.0, 7.0, 3.0, 0.5},
                   {std::string("gain"), std::string("step/b"), 7.0, 6.0, -1.0, -1.0 / 6},
                   {std::string("step"), std::string(), 0.0, 6.0, 6.0, 1.0}}};
}

}  // namespace

TEST_CASE("waterfall bars run from where the loss begins to where it ends, top row first") {
  const RectChart c = waterfall_bars(fall());
  REQUIRE(c.rects.size() == 4);
  CHECK(c.y_high == 4);
  CHECK(c.rects[1].x0 == 4);
  CHECK(c.rects[1].x1 == 7);
  CHECK(c.rects[2].x0 == 6);  // a gain runs back
  CHECK(c.rects[2].x1 == 7);
  CHECK(c.rects[1].colour != c.rects[2].colour);
  CHECK(c.rows[0].y == 3.5);
  CHECK(c.rows[3].y == 0.5);
  CHECK(c.rects[1].tag == "step/a");
  CHECK(c.x_high > 7);  // room for the label
}

TEST_CASE("bars are ranked, and only those that are not zero") {
  const RectChart c = ranked_bars(fall(), {"title", "seconds", "tag"}, 2);
  REQUIRE(c.rects.size() == 2);
  CHECK(c.rows[0].text == "step");
  CHECK(c.rects[0].x1 == 6);
  CHECK(c.rects[1].x1 == 4);
}

TEST_CASE("stacks stand on each other and are as high as their sum") {
  const Table t{.columns = {{"stage", "", Unit::count}, {"w", "", Unit::gigabytes}, {"a", "", Unit::gigabytes}},
                .rows = {{0.0, 3.0, 40.0}, {1.0, 2.0, 50.0}}};
  const RectChart c = stacked_columns(t, {{"w"}, {"a"}});
  REQUIRE(c.rects.size() == 4);
  CHECK(c.rects[1].y0 == 3);
  CHECK(c.rects[1].y1 == 43);
  CHECK(c.y_high == 52);
  CHECK(c.rects[2].x0 + c.rects[2].x1 == 2);  // centred on 1
}

TEST_CASE("a Gantt chart has a row a rank, with streams a row a lane that is used") {
  sim::report::TraceDocument d;
  d.ranks = {"rank 0", "rank 1"};
  d.lanes = {"compute", "expert exchange", "send forward", "send backward", "end of step"};
  d.slices = {{0, 0, "F0", "forward", Seconds{0}, Seconds{1}, {}},
              {0, 2, "send", "communication", Seconds{1}, Seconds{0.5}, {}},
              {1, 0, "F0", "forward", Seconds{1.5}, Seconds{1}, {}},
              {1, 4, "optimizer", "step", Seconds{2.5}, Seconds{0.5}, {}}};
  const RectChart rows = gantt_rows(d, false);
  CHECK(rows.y_high == 2);
  CHECK(rows.rects.size() == 3);
  CHECK(rows.x_high == 3);
  CHECK(rows.rects[0].y0 > rows.rects[1].y0);  // rank 0 above rank 1
  CHECK(rows.rects[1].y0 == rows.rects[2].y0);
  const RectChart streams = gantt_rows(d, true);
  CHECK(streams.rects.size() == 4);
  CHECK(streams.rows.size() == 4);
}

TEST_CASE("the rectangle under the mouse is the one drawn last") {
  const std::vector<Rect> rects{{0, 10, 0, 10}, {5, 6, 0, 10}};
  CHECK(rect_at(rects, 5.5, 5) == 1);
  CHECK(rect_at(rects, 1, 5) == 0);
  CHECK(rect_at(rects, 11, 5) == -1);
}

TEST_CASE("roofs meet at the ridge: 989 TFLOP/s over 3.35 TB/s is 295 FLOP a byte") {
  const std::vector<Line> lines = roof_lines({{"16-bit", 989e12}}, 3.35e12);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].points.front().first == Approx(295.2).epsilon(1e-3));
  CHECK(lines[1].points.back().first == Approx(295.2).epsilon(1e-3));
  CHECK(lines[1].points.back().second == Approx(989e12));
}

TEST_CASE("legend entries share a line while they fit") {
  CHECK(legend_columns({50, 50, 50}, 160, 0) == 3);
  CHECK(legend_columns({50, 50, 50}, 140, 0) == 2);
  CHECK(legend_columns({50, 50, 50}, 160, 2) == 2);
  CHECK(legend_columns({90, 50, 50}, 60, 0) == 1);
  CHECK(legend_columns({}, 60, 0) == 1);
}

TEST_CASE("a table fills what there is, and numbers stay near the names they belong to") {
  // Too little room: the name gives way, down to its least.
  CHECK(column_widths({100, 40, 40}, 0, 150, 60) == std::vector<int>{70, 40, 40});
  CHECK(column_widths({100, 40, 40}, 0, 100, 60) == std::vector<int>{60, 40, 40});
  // Much room: every column gets some of it.
  const std::vector<int> wide = column_widths({100, 40, 40}, 0, 830, 60);
  CHECK(std::accumulate(wide.begin(), wide.end(), 0) == 830);
  CHECK(wide[1] == 40 + 200);  // 830 - 80 - 150 shared by three
  CHECK(wide[0] == 350);
}

TEST_CASE("grids fill row by row; bars end within their cell") {
  CHECK(grid_cell(4, 3).row == 1);
  CHECK(grid_cell(4, 3).column == 1);
  CHECK(bar_end(10, 80, 0.25) == 30);
  CHECK(bar_end(10, 80, 1.7) == 90);
  CHECK(percent_of(0.335) == 34);
}
