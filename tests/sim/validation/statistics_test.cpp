// SPDX-License-Identifier: Apache-2.0
// Do the statistics say what their names say?
#include <array>
#include <cmath>

#include "sim/validation/baseline.hpp"
#include "sim/validation/error_summary.hpp"
#include "tests/sim/validation/observations.hpp"

using namespace sextant;
using namespace sextant::sim;

TEST_CASE("a quantile interpolates between ranks") {
  // Ranks of five values are 0, 0.25, ... 1.
  CHECK(quantile({5, 1, 4, 2, 3}, 0.5) == Approx(3));
  CHECK(quantile({5, 1, 4, 2, 3}, 0.9) == Approx(4.6));
  CHECK(quantile({7}, 0.9) == Approx(7));
  CHECK(std::isnan(quantile({}, 0.5)));
}

TEST_CASE("statistics are of absolute errors, the bias is signed") {
  // |errors| sorted: 0, 0.05, 0.1, 0.2; signed: -0.1, 0, 0.05, 0.2.
  const std::array<double, 4> errors{-0.1, 0.2, 0.05, 0.0};
  const ErrorStatistics s = statistics(errors);
  CHECK(s.median == Approx(0.075));
  CHECK(s.mean == Approx(0.0875));
  CHECK(s.p90 == Approx(0.17));  // rank 2.7: 0.1 + 0.7 x 0.1
  CHECK(s.bias == Approx(0.025));
}

TEST_CASE("coverage is the share of rows inside their band") {
  const std::array<RowError, 4> rows{{{0.1, true}, {0.2, false}, {-0.1, true}, {0.0, true}}};
  CHECK(summarise(rows).coverage == Approx(0.75));
  CHECK(summarise(rows).n == 4);
}

TEST_CASE("a constant utilisation explains rows that have one") {
  // Steps at 37 % of peak, whatever their size: no error is left for one constant.
  const std::array<BaselineRow, 3> rows{
      {{Seconds{0.37}, Seconds{1.0}, "a"}, {Seconds{3.7}, Seconds{10.0}, "a"}, {Seconds{37}, Seconds{100.0}, "a"}}};
  for (const double e : baseline_errors(rows)) CHECK(e == Approx(0).margin(1e-12));
}

TEST_CASE("each class has its own constant") {
  const std::array<BaselineRow, 4> rows{{{Seconds{1}, Seconds{2}, "a"},
                                         {Seconds{1}, Seconds{2}, "a"},
                                         {Seconds{1}, Seconds{4}, "b"},
                                         {Seconds{1}, Seconds{5}, "b"}}};
  const std::vector<double> errors = baseline_errors(rows);
  CHECK(errors[0] == Approx(0).margin(1e-12));
  // The median logarithm of 4 and 5 is that of sqrt(20).
  CHECK(errors[2] == Approx(std::sqrt(20.0) / 4 - 1));
  CHECK(errors[3] == Approx(std::sqrt(20.0) / 5 - 1));
}

TEST_CASE("the ideal step is the model's FLOPs at peak, stretched by the bubble") {
  const Validation v = validated({GptRow{}});
  // FLOPs of a step without recompute and with causal attention: 72 B s l h^2 (1 + s/12h + V/12lh), Narayanan et al.'s
  // formula with the forward once and half the scores:
  // 72 x 1536 x 2048 x 96 x 12288^2 x (1 + 0.0138889 + 0.0036169) = 3.3403e18. 1,024 GPUs of 312 TFLOP/s: 10.455 s.
  // dp = 1024 / 128 = 8, 192 micro-batches, pp 16: a bubble of 15/192. The formula leaves out norms and biases.
  CHECK(ideal_step(v.rows[0].run).value() == Approx(10.455 * (1 + 15.0 / 192)).epsilon(0.002));
}
