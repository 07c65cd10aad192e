// SPDX-License-Identifier: Apache-2.0
// How do people read a number?
#include <limits>

#include "base/amounts.hpp"
#include "sim/report/unit.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim::report;

TEST_CASE("numbers are scaled to the unit they are spoken of in") {
  struct Row {
    double value;
    Unit unit;
    const char* text;
  };
  for (const Row& row : {Row{19.926, Unit::seconds, "19.9 s"},
                         {0.0123, Unit::seconds, "12.3 ms"},
                         {0.9996, Unit::seconds, "1.00 s"},  // not 1,000 ms
                         {4.5e-6, Unit::seconds, "4.50 us"},
                         {0, Unit::seconds, "0 s"},
                         {999, Unit::seconds, "999 s"},
                         {2160, Unit::seconds, "36.0 min"},  // not 0.600 h
                         {3599.9, Unit::seconds, "1.00 h"},
                         {5400, Unit::seconds, "1.50 h"},
                         {0.6, Unit::hours, "36.0 min"},
                         {2.5, Unit::hours, "2.50 h"},
                         {0.025, Unit::days, "36.0 min"},
                         {30.0 / 86400, Unit::days, "30.0 s"},
                         {54, Unit::days, "54.0 days"},
                         {0.3894, Unit::share, "38.9 %"},
                         {0.05, Unit::change, "+5.0 %"},
                         {-0.05, Unit::change, "-5.0 %"},
                         {15360, Unit::count, "15,360"},
                         {-1234567, Unit::count, "-1,234,567"},
                         {671.03e9, Unit::parameters, "671.0 B"},
                         {124.4e6, Unit::parameters, "124.4 M"},
                         {14.8e12, Unit::tokens, "14.8 T tokens"},
                         {989e12, Unit::flop_per_s, "989 TFLOP/s"},
                         {3350e9, Unit::bytes_per_s, "3,350 GB/s"},
                         {79.647, Unit::gigabytes, "79.6 GB"},
                         {0.25, Unit::gigabytes, "250 MB"},
                         {5.576e6, Unit::usd, "$5.58 M"},
                         {-12.5, Unit::usd, "-$12.5"},
                         {2, Unit::usd_per_gpu_hour, "$2.00"},
                         {1.0, Unit::number, "1"},
                         {0.25, Unit::number, "0.25"},
                         {6.1e14, Unit::number, "6.1e+14"},
                         {1e-5, Unit::number, "1e-05"},
                         {std::numeric_limits<double>::quiet_NaN(), Unit::seconds, "-"},
                         {std::numeric_limits<double>::infinity(), Unit::usd, "-"}}) {
    CHECK(format(row.value, row.unit) == row.text);
  }
}

TEST_CASE("a value shows no more digits than its band supports") {
  const auto shown = [](double value, double half) {
    return format(value, Unit::seconds, Band<double>{value - half, value, value + half});
  };
  CHECK(shown(19.926, 0.02) == "19.926 s");
  CHECK(shown(19.926, 1.0) == "19.93 s");
  CHECK(shown(19.926, 6.0) == "19.9 s");
  CHECK(shown(19.926, 25.0) == "20 s");
  CHECK(shown(19.926, 0.0) == "19.9 s");  // a band without width says nothing
}

TEST_CASE("both ends of a band are in one unit") {
  CHECK(format(Band<double>{0.9, 1.0, 1.2}, Unit::seconds) == "0.90 .. 1.20 s");
  CHECK(format(Band<double>{2.4, 3, 12.5}, Unit::usd_per_gpu_hour) == "$2.40 .. $12.50");
  CHECK(format(Band<double>{0.28, 0.3, 0.32}, Unit::share) == "28.0 .. 32.0 %");
}

TEST_CASE("times under an hour are said in minutes where hours are asked for") {
  constexpr DisplayUnits hours{.hours = true, .cny = false};
  CHECK(days_text(0.025, "0.025", hours) == "36 min");
  CHECK(days_text(0.0625, "0.0625", hours) == "1.5 h");
  CHECK(days_text(1.0 / 24, "0.04", hours) == "1 h");
  CHECK(days_text(0.025, "0.025", {}) == "0.025 days");
}
