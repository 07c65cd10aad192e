// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/statistics.hpp"

#include <cmath>
#include <vector>

#include "tests/support/catch.hpp"

using namespace sextant::profile;

TEST_CASE("the median ignores what a mean would follow") {
  CHECK(median(std::vector<double>{3, 1, 2}) == 2);
  CHECK(median(std::vector<double>{4, 1, 3, 2}) == 2.5);
  CHECK(median(std::vector<double>{10, 10, 10, 10, 5000}) == 10);
  CHECK(median(std::vector<double>{}) == 0);
}

TEST_CASE("half of the samples lie within the spread") {
  // 1..9: quartiles 3 and 7 around the median 5, so half of them within 5 (1 +- 0.4)
  CHECK(relative_spread(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9}) == Approx(0.4));
  CHECK(relative_spread(std::vector<double>{7, 7, 7, 7}) == 0);
}

TEST_CASE("the median's interval runs between order statistics") {
  // n = 100, values 1..100: 0.98 sqrt(100) = 9.8, so from the 40.2th to the 59.8th order statistic outwards: 41 and 61,
  // half their distance over the median 50.5
  std::vector<double> v;
  for (int i = 1; i <= 100; ++i) v.push_back(i);
  CHECK(median_relative_error(v) == Approx(0.5 * (61 - 41) / 50.5));
  CHECK(std::isinf(median_relative_error(std::vector<double>{1, 1, 1, 1, 1})));
}
