// SPDX-License-Identifier: Apache-2.0
// Do the pictures of a validation show every row where it belongs, and need nothing but themselves?
#include <algorithm>
#include <cmath>
#include <regex>

#include "sim/report/validation_plots.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::sim::report;

namespace {

std::vector<PlotPoint> points() {
  std::vector<PlotPoint> list;
  for (int i = 0; i < 40; ++i)
    list.push_back({1.0 + i, (1.0 + i) * 1.05, 0.08, 8 << (i % 5), i % 3 == 0 ? "MoE, new <stack>" : "dense, known"});
  return list;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("a picture is one SVG of its own with every row as a dot") {
  for (const std::string& svg : {scatter_svg(points(), "a & b"), error_by_scale_svg(points(), "a & b")}) {
    CHECK(svg.rfind("<svg xmlns=\"http://www.w3.org/2000/svg\"", 0) == 0);
    CHECK(svg.find("prefers-color-scheme:dark") != std::string::npos);
    CHECK(count(svg, "h0") == points().size());
    CHECK(svg.find("a &amp; b") != std::string::npos);
    CHECK(svg.find("new &lt;stack&gt; (14)") != std::string::npos);
    for (const char* bad : {"nan", "inf", "href", "url(", "@import", "<script"})
      CHECK(svg.find(bad) == std::string::npos);
  }
  CHECK(scatter_svg({}, "").empty());
}

TEST_CASE("a row that is predicted exactly lies on the 1:1 line") {
  const std::string svg = scatter_svg(std::vector<PlotPoint>{{2, 2, 0.1, 8, "x"}, {32, 32, 0.1, 8, "x"}}, "t");
  std::smatch line;
  REQUIRE(std::regex_search(svg, line, std::regex(R"(class="line" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)\")")));
  std::smatch dot;
  REQUIRE(std::regex_search(svg, dot, std::regex(R"(d="M([\d.]+) ([\d.]+)h0M([\d.]+) ([\d.]+)h0)")));
  const auto number = [](const std::ssub_match& m) { return std::stod(m.str()); };
  const double slope = (number(line[4]) - number(line[2])) / (number(line[3]) - number(line[1]));
  for (const int i : {1, 3}) {
    const double on_line = number(line[2]) + slope * (number(dot[i]) - number(line[1]));
    CHECK(number(dot[i + 1]) == Approx(on_line).margin(0.3));
  }
}
