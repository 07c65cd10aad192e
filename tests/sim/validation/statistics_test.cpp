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
  // Steps at 37 % of peak, whatever their size.
  const std::array<BaselineRow, 3> rows{
      {{Seconds{0.37}, Seconds{1.0}, "a"}, {Seconds{3.7}, Seconds{10.0}, "a"}, {Seconds{37}, Seconds{100.0}, "b"}}};
  const Baselines b = fit_baselines(rows);
  CHECK(1 / b.one == Approx(0.37));
  CHECK(1 / b.of_class("a") == Approx(0.37));
}

TEST_CASE("each class has its own constant, a new class the common one") {
  const std::array<BaselineRow, 4> rows{{{Seconds{1}, Seconds{2}, "a"},
                                         {Seconds{1}, Seconds{2}, "a"},
                                         {Seconds{1}, Seconds{4}, "b"},
                                         {Seconds{1}, Seconds{5}, "b"}}};
  const Baselines b = fit_baselines(rows);
  CHECK(b.of_class("a") == Approx(2));
  CHECK(b.of_class("b") == Approx(std::sqrt(20.0)));       // the median logarithm of 4 and 5
  CHECK(b.of_class("c") == Approx(std::sqrt(2.0 * 4.0)));  // of 2, 2, 4 and 5
}

TEST_CASE("a baseline has no error on rows that a constant utilisation made") {
  std::vector<GptRow> rows(3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].id += std::to_string(i);
    rows[i].gpus = 256 << i;
    rows[i].pp = 4 << i;
    const Seconds ideal = ideal_step(validated({rows[i]}).rows[0].run);
    rows[i].measured = fmt::format("\"step_time_s\": {:.9f}", ideal.value() / 0.41);
  }
  const Validation v = validated(rows);
  CHECK(v.summary.baseline.median == Approx(0).margin(1e-6));
  CHECK(v.summary.baseline.p90 == Approx(0).margin(1e-6));
  CHECK(v.summary.baseline_by_class.mean == Approx(0).margin(1e-6));
}

TEST_CASE("the ideal step is the model's FLOPs at peak, stretched by the bubble") {
  const Validation v = validated({GptRow{}});
  // FLOPs of a step without recompute and with causal attention: 72 B s l h^2 (1 + s/12h + V/12lh), Narayanan et al.'s
  // formula with the forward once and half the scores:
  // 72 x 1536 x 2048 x 96 x 12288^2 x (1 + 0.0138889 + 0.0036169) = 3.3403e18. 1,024 GPUs of 312 TFLOP/s: 10.455 s.
  // dp = 1024 / 128 = 8, 192 micro-batches, pp 16: a bubble of 15/192. The formula leaves out norms and biases.
  CHECK(ideal_step(v.rows[0].run).value() == Approx(10.455 * (1 + 15.0 / 192)).epsilon(0.002));
}
