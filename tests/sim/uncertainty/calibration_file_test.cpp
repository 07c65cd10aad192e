// SPDX-License-Identifier: Apache-2.0
// Does a calibration file give back what was written, rounded no more than a reviewer would?
#include <algorithm>
#include <cmath>

#include "base/json/node.hpp"
#include "tests/sim/validation/observations.hpp"

using namespace sextant;
using namespace sextant::sim;

TEST_CASE("the shipped calibration says what it rests on") {
  const Calibration c = calibration();
  CHECK(c.rows == 1267);
  CHECK(c.rows_digest.size() == 16);
  CHECK_FALSE(c.code.empty());
  CHECK(c.cost > 0);
  CHECK(c.fitted.size() <= 40);
  CHECK(c.covariance.size() == c.fitted.size() * c.fitted.size());
  CHECK_FALSE(c.widths.empty());
}

TEST_CASE("a posterior is no wider than its prior") {
  const Calibration c = calibration();
  for (const ParameterInfo& info : parameter_table()) {
    if (const auto sigma = posterior_sigma(c, info.parameter)) {
      INFO(info.tag);
      CHECK(*sigma <= info.sigma * 1.001);
      CHECK(*sigma > 0);
    }
  }
}

TEST_CASE("writing and reading keeps values to six digits and covariances to one per cent") {
  const Calibration c = calibration();
  Diagnostics faults;
  const auto node = json::parse(write_calibration(c), "written.json", faults);
  REQUIRE(node);
  const auto again = read_calibration(json::Cursor(*node, "written.json", faults));
  INFO(faults.text());
  REQUIRE(again);
  CHECK(again->fitted == c.fitted);
  CHECK(again->rows_digest == c.rows_digest);
  CHECK(again->widths.size() == c.widths.size());
  const std::size_t n = c.fitted.size();
  for (std::size_t i = 0; i < n; ++i) {
    CHECK(again->parameters[c.fitted[i]] == Approx(c.parameters[c.fitted[i]]).epsilon(1e-5));
    for (std::size_t j = 0; j < n; ++j) {
      const double scale = std::sqrt(c.covariance[i * n + i] * c.covariance[j * n + j]);
      CHECK(std::abs(again->covariance[i * n + j] - c.covariance[i * n + j]) < 0.01 * scale);
    }
  }
}
