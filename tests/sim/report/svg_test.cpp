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

TEST_CASE("ticks are round and inside the range") {
  CHECK(ticks(0, 30, false) == std::vector<double>{0, 5, 10, 15, 20, 25, 30});
  const std::vector<double> decades = ticks(100, 2e7, true);
  REQUIRE(decades.size() == 6);
  CHECK(decades.front() == Approx(100));
  CHECK(decades.back() == Approx(1e7));
  CHECK(ticks(3, 3, false).empty());
  CHECK(ticks(7e6, 1.3e7, true).size() >= 2);
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
