// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/json/shape.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;

namespace {

enum class Colour { red, green };

struct Part {
  int count = 0;
  Bytes memory{};
  std::optional<double> ratio;
  Colour colour = Colour::red;
  std::vector<int> list;
};

std::string faults_of(std::string_view text, json::ParseOptions options = {}) {
  Diagnostics faults;
  const std::string file = "a.json";
  (void)json::parse(text, file, faults, options);
  return faults.text();
}

}  // namespace

template <>
struct sextant::json::EnumNames<Colour> {
  static constexpr std::array<std::pair<std::string_view, Colour>, 2> table{
      {{"red", Colour::red}, {"green", Colour::green}}};
};

template <>
struct sextant::json::ShapeOf<Part> {
  static const Shape<Part>& get() {
    static const Shape<Part> shape = Shape<Part>("part")
                                         .required("count", &Part::count, "how many", between(1, 10))
                                         .required("memory_mib", &Part::memory, "size", positive().in_units_of(1048576))
                                         .optional("ratio", &Part::ratio, "a ratio")
                                         .optional("colour", &Part::colour, "its colour")
                                         .optional("list", &Part::list, "numbers", non_negative());
    return shape;
  }
};

namespace {

std::string read_faults(std::string_view text, Part& part) {
  Diagnostics faults;
  const std::string file = "part.json";
  const auto node = json::parse(text, file, faults);
  if (node) json::Value<Part>::read(json::Cursor(*node, file, faults), {}, part);
  return faults.text();
}

}  // namespace

TEST_CASE("faults of syntax name their line") {
  CHECK_THAT(faults_of("{\n \"a\": 1,\n \"b\": }\n"), Catch::Matchers::Contains("a.json:3: "));
  CHECK_THAT(faults_of("{\"a\": 1,\n\"a\": 2}"), Catch::Matchers::Contains("a.json:2: /a: the key appears twice"));
  CHECK_THAT(faults_of("[1e999]"), Catch::Matchers::Contains("a.json:1: "));
  CHECK_THAT(faults_of(std::string(100, '[') + std::string(100, ']')), Catch::Matchers::Contains("64 levels"));
  CHECK_THAT(faults_of(""), Catch::Matchers::Contains("not valid JSON"));
  CHECK_THAT(faults_of("{\"a\": Infinity}"), Catch::Matchers::Contains("not valid JSON"));
}

TEST_CASE("the traps of real files are read: byte-order mark, CRLF, no final newline, Infinity where allowed") {
  CHECK(faults_of("\xEF\xBB\xBF{\r\n\"a\": 1}").empty());
  CHECK(faults_of("{\"a\": [-Infinity, NaN, Infinity, \"Infinity\"]}", {.non_finite_as_null = true}).empty());
  CHECK(faults_of("{\"a\": 1, \"a\": 2}", {.allow_duplicate_keys = true}).empty());
}

TEST_CASE("nodes know their lines, numbers at the end of a line too") {
  Diagnostics faults;
  const auto node = json::parse("{\n\"a\": 12\n,\n\"b\":\n [true,\n null]}", "x", faults);
  REQUIRE(node);
  CHECK(node->find("a")->line == 2);
  CHECK(node->members[1].line == 4);
  CHECK(node->find("b")->items[1].line == 6);
  CHECK(node->find("c") == nullptr);
}

TEST_CASE("a shape reads values in the file's unit and reports every fault at once") {
  Part part;
  CHECK(read_faults(R"({"count": 3, "memory_mib": 2, "colour": "green", "list": [1, 2]})", part).empty());
  CHECK(part.memory.value() == 2097152.0);
  CHECK(part.colour == Colour::green);
  CHECK(part.list == std::vector<int>{1, 2});
  CHECK_FALSE(part.ratio);

  Part bad;
  const std::string faults =
      read_faults("{\"count\": 11,\n\"colour\": \"gren\",\n\"list\": [1, -2, 1.5],\n\"rato\": 1}", bad);
  CHECK(faults ==
        "part.json:1: /count: expected an integer of at least 1 and at most 10, found 11\n"
        "part.json:1: the key \"memory_mib\" is missing: size\n"
        "part.json:2: /colour: \"gren\" is not one of red, green; did you mean \"green\"?\n"
        "part.json:3: /list/1: expected an integer of at least 0, found -2\n"
        "part.json:3: /list/2: expected an integer of at least 0, found 1.5\n"
        "part.json:4: /rato: unknown key; did you mean \"ratio\"?\n");
}

TEST_CASE("what a shape writes it reads back, and its schema names the keys") {
  Part part;
  REQUIRE(read_faults(R"({"count": 3, "memory_mib": 2, "ratio": 0.5})", part).empty());
  const std::string text = json::ShapeOf<Part>::get().write(part).dump();
  Part again;
  CHECK(read_faults(text, again).empty());
  CHECK(again.memory == part.memory);
  CHECK(again.ratio == part.ratio);
  const json::Json schema = json::ShapeOf<Part>::get().schema();
  CHECK(schema["required"] == json::Json({"count", "memory_mib"}));
  CHECK(schema["properties"]["memory_mib"]["exclusiveMinimum"] == 0.0);
}
