// SPDX-License-Identifier: Apache-2.0
#include "base/quantity.hpp"

#include <type_traits>

#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::literals;

TEST_CASE("dimensions combine as physics does") {
  static_assert(std::is_same_v<decltype(Flops{1} / FlopRate{1}), Seconds>);
  static_assert(std::is_same_v<decltype(ByteRate{1} * Seconds{1}), Bytes>);
  static_assert(std::is_same_v<decltype(Bytes{1} / Bytes{1}), double>);
  static_assert(std::is_same_v<decltype(GpuPrice{1} * GpuTime{1}), Dollars>);
  static_assert(std::is_same_v<decltype(Watts{1} * Seconds{1}), Joules>);
  static_assert(!std::is_convertible_v<double, Seconds>);
  // 989 TFLOP/s for 2 s are 1.978 PFLOP.
  CHECK((989_TFLOPS * 2_s).value() == Approx(1.978e15));
  CHECK((80_GiB).value() == 85899345920.0);
  CHECK((400_GB / 50_GBps).value() == Approx(8.0));
  CHECK((1.5 * 2_s > 2_s));
  CHECK(max(1_s, 2_s) == 2_s);
}
