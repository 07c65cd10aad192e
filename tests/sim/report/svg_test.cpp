// SPDX-License-Identifier: Apache-2.0
// Are charts well-formed, to scale, and only where there is something to draw?
#include "sim/report/svg_chart.hpp"

#include <algorithm>

#include "sim/report/exporters.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::sim::report;

namespace {

Chart two_bars() {
  Chart c{.kind = Chart::Kind::stacked, .title = "a < b", .axis = "s", .unit = Unit::seconds};
  c.marks = {{.row = "one", .series = "x", .from = 0, .to = 2}, {.row = "one", .series = "y & z", .from = 2, .to = 3}};
  return c;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a chart without marks draws nothing") { CHECK(svg_chart({}).empty()); }

TEST_CASE("a chart is one svg element with a mark each, texts escaped") {
  const std::string svg = svg_chart(two_bars());
  CHECK(count(svg, "<svg") == 1);
  CHECK(count(svg, "</svg>") == 1);
  CHECK(count(svg, "class=\"c0 edge\"") == 1);
  CHECK(count(svg, "class=\"c1 edge\"") == 1);
  CHECK(svg.find("y &amp; z") != std::string::npos);
  CHECK(svg.find("a &lt; b") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
}

TEST_CASE("a scatter's points stand where their numbers say, up and to the right") {
  Chart c{
      .kind = Chart::Kind::scatter, .title = "t", .axis = "days", .up = "cost", .up_unit = Unit::usd, .joined = "best"};
  c.marks = {{.row = "64", .series = "best", .from = 1, .to = 10},
             {.row = "128", .series = "best", .from = 2, .to = 30},
             {.row = "256", .series = "other", .from = 3, .to = 20}};
  const std::string svg = svg_chart(c);
  REQUIRE(count(svg, "<circle") == 3);
  std::vector<std::pair<double, double>> at;
  for (std::size_t i = svg.find("cx="); i != std::string::npos; i = svg.find("cx=", i + 1)) {
    const std::size_t up = svg.find("cy=", i);
    at.emplace_back(std::stod(svg.substr(i + 4)), std::stod(svg.substr(up + 4)));
  }
  CHECK(at[1].first - at[0].first == Approx(at[2].first - at[1].first).margin(0.2));
  CHECK(at[0].first < at[1].first);
  CHECK(at[1].second < at[2].second);  // 30 lies above 20 lies above 10; y grows downwards
  CHECK(at[2].second < at[0].second);
  CHECK(at[0].second - at[2].second == Approx(at[2].second - at[1].second).margin(0.2));
  CHECK(count(svg, "class=\"join\"") == 1);
  CHECK(count(svg, ">128</text>") == 1);
  Chart one = c;
  one.marks.resize(1);
  CHECK(svg_chart(one).find("nan") == std::string::npos);
}

TEST_CASE("a limit is one line, and inside the chart even where all marks end before it") {
  Chart c = two_bars();
  c.limit = 10;
  const std::string svg = svg_chart(c);
  REQUIRE(count(svg, "class=\"limit\"") == 1);
  const std::size_t x = svg.find("x1=", svg.find("class=\"limit\""));
  CHECK(std::stod(svg.substr(x + 4)) <= chart_width);
  CHECK(count(svg_chart(two_bars()), "class=\"limit\"") == 0);
}

TEST_CASE("ticks are round and inside the range") {
  CHECK(ticks(0, 30, false) == std::vector<double>{0, 5, 10, 15, 20, 25, 30});
  const std::vector<double> decades = ticks(100, 2e7, true);
  REQUIRE(decades.size() == 6);
  CHECK(decades.front() == Approx(100));
  CHECK(decades.back() == Approx(1e7));
  CHECK(ticks(3, 3, false).empty());
  CHECK(ticks(7e6, 1.3e7, true).size() >= 4);
}

TEST_CASE("pages carry charts, other forms leave them out, nothing is loaded from elsewhere") {
  Report r;
  r.title = "page";
  r.add(two_bars());
  const std::string page = to_html(r);
  CHECK(count(page, "<svg") == 1);
  CHECK(page.find("prefers-color-scheme:dark") != std::string::npos);
  CHECK(page.find("@media print") != std::string::npos);
  for (const char* outside : {"http://", "https://", "<script", "<link", "src="})
    CHECK(page.find(outside) == std::string::npos);
  CHECK(to_text(r, {}).find("svg") == std::string::npos);
  CHECK(to_markdown(r).find("svg") == std::string::npos);
  CHECK(to_json(r).find("svg") == std::string::npos);
}
