// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/json_value.hpp"
#include "profiler/core/json_writer.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;

TEST_CASE("numbers are written so that they read back the same") {
  for (const double v : {0.1, 1e-9, 123456789.0, 2.5e300, -0.001}) {
    const std::string text = number_text(v);  // the reader only looks at the bytes
    JsonReader reader(bytes_of(text));
    CHECK(reader.value()->number == v);
  }
  CHECK(number_text(256e6) == "256000000");
  CHECK(number_text(1.0 / 0.0) == "null");
}

TEST_CASE("control characters inside strings, which Kineto writes as they come, are read and escaped again") {
  JsonReader reader(bytes_of("{\"name\": \"kernel\x01<\n>\", \"dur\": NaN, \"x\": \"\\u00e9\",}"));
  const auto v = reader.value();
  REQUIRE(v.has_value());
  CHECK(v->find("name")->string == "kernel\x01<\n>");
  CHECK(v->find("dur")->type == JsonValue::Type::null);
  CHECK(v->find("x")->string == "\xc3\xa9");
  CHECK(quoted(v->find("name")->string) == "\"kernel\\u0001<\\n>\"");
}

TEST_CASE("a fault names its byte and never goes on") {
  for (const char* text : {"{\"a\" 1}", "[1, 2", "{\"a\": tru}", "\"open", ""}) {
    JsonReader reader(bytes_of(text));
    CHECK_FALSE(reader.value().has_value());
    CHECK_FALSE(reader.fault().empty());
  }
  const std::string brackets(100000, '[');
  JsonReader deep(bytes_of(brackets));
  CHECK_FALSE(deep.value().has_value());
  CHECK(deep.fault().find("deeper") != std::string::npos);
}

TEST_CASE("the reader does not care how its bytes are cut") {
  const std::string text = "{\"a\": [1, 2, {\"b\": \"c\\\"d\"}], \"e\": -1.5e3}";
  std::size_t at = 0;
  JsonReader reader([&](char* out, std::size_t) -> std::size_t {
    if (at == text.size()) return 0;
    *out = text[at++];
    return 1;
  });
  const auto v = reader.value();
  REQUIRE(v.has_value());
  CHECK(v->find("a")->items[2].find("b")->string == "c\"d");
  CHECK(v->find("e")->number == -1500);
}
