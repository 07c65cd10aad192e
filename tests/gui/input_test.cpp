// SPDX-License-Identifier: Apache-2.0
#include "gui/input/log_scale.hpp"
#include "gui/input/quantity_text.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::gui;

TEST_CASE("amounts are read as people type them") {
  CHECK(parse_amount("14.8T tokens", Amount::tokens) == 14.8e12);
  CHECK(parse_amount("14.8 t", Amount::tokens) == 14.8e12);
  CHECK(parse_amount("300B", Amount::tokens) == 300e9);
  CHECK(parse_amount("2,048", Amount::count) == 2048);
  CHECK(parse_amount("2048 GPUs", Amount::count) == 2048);
  CHECK(parse_amount("16K", Amount::count) == 16000);
  CHECK(parse_amount("$2/h", Amount::usd_per_gpu_hour) == 2);
  CHECK(parse_amount("48 USD/day", Amount::usd_per_gpu_hour) == 2);
  CHECK(parse_amount("$5.6M", Amount::usd) == 5.6e6);
  CHECK(parse_amount("60", Amount::days) == 60);
  CHECK(parse_amount("36 h", Amount::days) == 1.5);
  CHECK(parse_amount("8 weeks", Amount::days) == 56);
}

TEST_CASE("what is no amount is not read as one") {
  for (const char* text : {"", "many", "-5", "1.2.3", "5 apples", "T", "1e400", "$", "nan", "inf", "0x10"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_amount(text, Amount::tokens).has_value());
  }
  CHECK_FALSE(parse_amount("5 days", Amount::tokens).has_value());
  CHECK_FALSE(parse_amount("5T", Amount::days).has_value());
}

TEST_CASE("a shown amount reads back as itself") {
  for (const double v : {1.0, 8.0, 999.0, 1000.0, 2048.0, 14.8e12, 469e9, 131072.0}) {
    CHECK(parse_amount(amount_text(v, Amount::count), Amount::count) == v);
    CHECK(parse_amount(amount_text(v, Amount::tokens), Amount::tokens) == v);
    CHECK(parse_amount(amount_text(v, Amount::usd), Amount::usd).value() == Approx(v));
    CHECK(parse_amount(amount_text(v, Amount::days), Amount::days).value() == Approx(v));
    CHECK(parse_amount(amount_text(v, Amount::usd_per_gpu_hour), Amount::usd_per_gpu_hour).value() == Approx(v));
  }
}

TEST_CASE("equal distances on a slider are equal factors") {
  const LogScale s(1, 10000, 400);
  CHECK(s.value(0) == Approx(1));
  CHECK(s.value(100) == Approx(10));
  CHECK(s.value(400) == Approx(10000));
  for (int p = 0; p <= 400; p += 13) CHECK(s.position(s.value(p)) == p);
  CHECK(s.position(0) == 0);
  CHECK(s.position(1e9) == 400);
}

TEST_CASE("sliders stop at what is allowed, nearest by factor") {
  const std::vector<int> allowed{128, 256, 512, 1024};
  CHECK(nearest_of(allowed, 1) == 128);
  CHECK(nearest_of(allowed, 360) == 256);  // 360/256 = 1.41 < 512/360 = 1.42
  CHECK(nearest_of(allowed, 365) == 512);
  CHECK(nearest_of(allowed, 1e6) == 1024);
  CHECK(rounded(14823) == 15000);
}
