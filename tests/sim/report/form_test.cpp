// SPDX-License-Identifier: Apache-2.0
// Do the forms of a report look as they should, and say the same?
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/report/exporters.hpp"
#include "sim/report/text_layout.hpp"
#include "tests/sim/report/sample.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"

using namespace sextant::sim::report;
using namespace sextant::test;

TEST_CASE("each form of the sample report looks as it did") {
  for (const Exporter& e : exporters()) {
    INFO(e.name);
    const std::string text = e.write(sample_report(), {});
    CHECK(text == golden("report" + std::string(e.extension), text));
  }
}

TEST_CASE("a text without colours and block characters is plain ASCII in 80 columns") {
  const std::string text = to_text(sample_report(), {.colour = false, .unicode = false, .width = 80});
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    INFO(line);
    CHECK(line.size() <= 80);
    CHECK((line.empty() || line.back() != ' '));
    for (const char c : line) CHECK((c >= ' ' && c <= '~'));
  }
  CHECK(text.find('\033') == std::string::npos);
}

TEST_CASE("a table too wide for the line gives its units to the titles, then breaks texts, then lets names hang over") {
  Report r;
  r.add(Table{.columns = {{"", "name", Unit::text},
                          {"", "speed", Unit::bytes_per_s},
                          {"", "what it is", Unit::text},
                          {"", "seconds", Unit::seconds}},
              .rows = {{std::string("a"), 2e9, std::string("some words that can be broken"), 1.5},
                       {std::string("a-name-that-is-very-long-indeed"), 3e9, std::string("short"), 2.5}}});
  const std::string wide = to_text(r, {.width = 120});
  CHECK(wide.find("2.00 GB/s") != std::string::npos);
  for (const int width : {76, 60, 46}) {
    const std::string text = to_text(r, {.width = width});
    INFO(text);
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) CHECK(line.size() <= static_cast<std::size_t>(width));
    for (const char* word :
         {"a-name-that-is-very-long-indeed", "some", "words", "that", "can", "be", "broken", "GB/s"}) {
      CHECK(text.find(word) != std::string::npos);
    }
  }
}

TEST_CASE("colours change nothing but colours") {
  std::string coloured = to_text(sample_report(), {.colour = true});
  for (std::size_t at = coloured.find('\033'); at != std::string::npos; at = coloured.find('\033')) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  CHECK(coloured == to_text(sample_report(), {.colour = false}));
}

TEST_CASE("JSON carries keys as paths, keeps full precision and has no NaN") {
  const auto json = nlohmann::json::parse(to_json(sample_report()));
  CHECK(json["format"] == "sextant/sample/1");
  CHECK(json["time"]["step_s"].get<double>() == 19.926);
  CHECK(json["time"]["band_s"] == nlohmann::json::array({18.0, 22.5}));
  CHECK(json["tokens"].is_number_integer());
  CHECK(json["broken"].is_null());
  CHECK(json["parts"][0]["extra"]["list"][1] == "b");
  CHECK_FALSE(json["parts"][2].contains("seconds"));
  CHECK(json["empty"].empty());
  CHECK_FALSE(json.contains("only for people"));
}

TEST_CASE("CSV quotes what needs quoting") {
  Report r;
  r.add(Table{.key = "rows",
              .columns = {{"a", "", Unit::text}, {"b", "", Unit::number}},
              .rows = {{std::string("x, \"y\"\nz"), 0.25}, {std::string("plain"), std::monostate{}}},
              .main = true});
  CHECK(to_csv(r) == "a,b\r\n\"x, \"\"y\"\"\nz\",0.25\r\nplain,\r\n");
}

TEST_CASE("HTML escapes what a name may hold") {
  Report r;
  r.title = "<script>alert('x')</script>";
  r.add(Fact{"k", "a & b", "<b>"});
  const std::string html = to_html(r);
  CHECK(html.find("<script>") == std::string::npos);
  CHECK(html.find("a &amp; b") != std::string::npos);
}

TEST_CASE("wrapping keeps every word and no line too long") {
  const std::string text = "one two three four five six seven eight-nine-ten";
  for (std::size_t width = 1; width < 30; ++width) {
    std::string joined;
    for (const std::string& line : wrapped(text, width)) {
      CHECK((display_width(line) <= width || line.find(' ') == std::string::npos));
      joined += (joined.empty() ? "" : " ") + line;
    }
    CHECK(joined == text);
  }
}

TEST_CASE("a bar is as long as its share") {
  CHECK(bar(1.0, 20, false) == std::string(20, '#'));
  CHECK(bar(0.5, 20, false) == std::string(10, '#'));
  CHECK(bar(0.0, 20, true).empty());
  CHECK(bar(-1.0, 20, true).empty());
  CHECK(display_width(bar(7.0, 20, true)) == 20);
  CHECK(bar(1.0 / 160, 20, true) == "\u258F");  // an eighth of a column
}
