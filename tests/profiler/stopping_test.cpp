// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/stopping.hpp"

#include <random>
#include <vector>

#include "tests/support/catch.hpp"

using namespace sextant::profile;

namespace {

/// Times around `mean` with a relative standard deviation.
std::vector<double> noisy(int n, double mean, double deviation, unsigned seed = 1) {
  std::mt19937 engine(seed);
  std::normal_distribution<double> noise(mean, mean * deviation);
  std::vector<double> out;
  for (int i = 0; i < n; ++i) out.push_back(noise(engine));
  return out;
}

}  // namespace

TEST_CASE("a quiet kernel stops at the smallest number of repetitions") {
  CHECK(decide(noisy(11, 20e-6, 0.001)) == Stop::go_on);
  CHECK(decide(noisy(12, 20e-6, 0.001)) == Stop::precise);
}

TEST_CASE("noise asks for more repetitions until the median is known or the noise is") {
  // The median of n normal samples is known to about 1.96 * 1.25 sigma / sqrt(n): 3 % noise needs some 220 of them.
  CHECK(decide(noisy(20, 20e-6, 0.03)) == Stop::go_on);
  CHECK(decide(noisy(360, 20e-6, 0.03)) != Stop::go_on);
}

TEST_CASE("a spread that no longer changes is the machine's noise") {
  std::vector<double> sweep;  // a kernel whose time wanders evenly between 20 and 30 us, whatever one does
  for (int i = 0; i < 110; ++i) sweep.push_back(20e-6 + 1e-6 * (i * 7 % 11));
  CHECK(decide(sweep) == Stop::settled);
  CHECK(decide(std::vector<double>(sweep.begin(), sweep.begin() + 40)) == Stop::go_on);
}

TEST_CASE("caps end a case that never settles") {
  StopLimits limits;
  limits.max_samples = 50;
  limits.settled_samples = 1000;
  CHECK(decide(noisy(50, 20e-6, 0.3), limits) == Stop::samples);
  // 6 repetitions of 0.2 s use up the 0.6 s twice over
  CHECK(decide(noisy(6, 0.2, 0.05)) == Stop::seconds);
  CHECK(decide(noisy(2, 0.2, 0.05)) == Stop::go_on);
}

TEST_CASE("batches grow with what was run and never pass the caps") {
  CHECK(next_batch({}) == 12);
  CHECK(next_batch(noisy(100, 20e-6, 0.05)) == 10);
  CHECK(next_batch(noisy(398, 20e-6, 0.05)) == 2);
  // 0.1 s each, 0.5 s used of 0.6: one repetition, and one to pass the limit
  CHECK(next_batch(std::vector<double>(5, 0.1)) <= 2);
}

TEST_CASE("a GPU that slows down is noticed by its times or its clock") {
  std::vector<double> slowing;
  for (int i = 0; i < 40; ++i) slowing.push_back(1e-3 * (1 + 0.01 * i));  // 1.00 to 1.39 ms
  CHECK(throttled(throttle_evidence(slowing, 1980, 1980)));
  const std::vector<double> steady(40, 1e-3);
  CHECK_FALSE(throttled(throttle_evidence(steady, 1980, 1975)));
  CHECK(throttled(throttle_evidence(steady, 1980, 1600)));
  CHECK_FALSE(throttled(throttle_evidence(steady, 0, 0)));  // no NVML: no opinion
}
