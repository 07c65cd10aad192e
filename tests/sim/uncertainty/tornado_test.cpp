// SPDX-License-Identifier: Apache-2.0
// Does the tornado show what moves a step, in order, around the step's time?
#include "sim/uncertainty/tornado.hpp"

#include <algorithm>

#include "sim/api.hpp"
#include "tests/sim/validation/observations.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

const TornadoBar* find(const std::vector<TornadoBar>& bars, const std::string& input) {
  const auto at = std::find_if(bars.begin(), bars.end(), [&](const TornadoBar& b) { return b.input == input; });
  return at == bars.end() ? nullptr : &*at;
}

}  // namespace

TEST_CASE("bars come widest first, each with a grade and a reason, parameters around the step's time") {
  const Calibration c = calibration();
  const Run run = validated({GptRow{}}).rows[0].run;
  const StepEstimate step = evaluate(run, c.parameters);
  const auto bars = tornado(run, step, c);
  REQUIRE(bars.size() > 5);
  CHECK(std::is_sorted(bars.begin(), bars.end(), [](const auto& a, const auto& b) { return a.span() > b.span(); }));
  for (const TornadoBar& b : bars) {
    INFO(b.input);
    CHECK(b.low <= step.time);
    CHECK(b.high >= step.time);
    CHECK_FALSE(b.why.empty());
    CHECK_FALSE(b.range.empty());
  }
  // 4.3 s of GEMM in a step of some 17: an A100 run hangs on the A100's GEMM rate, and not on the H100's.
  CHECK(find(bars, "gemm/rate/ampere") != nullptr);
  CHECK(find(bars, "gemm/rate/hopper") == nullptr);
}

TEST_CASE("what a run states is not moved, what it leaves open is") {
  const Calibration c = calibration();
  Run run = validated({GptRow{}}).rows[0].run;
  const auto bars = [&] { return tornado(run, evaluate(run, c.parameters), c); };
  CHECK(find(bars(), "recompute") == nullptr);
  run.recompute = Recompute{};
  run.recompute.silent = true;
  const auto open = bars();
  const TornadoBar* bar = find(open, "recompute");
  REQUIRE(bar != nullptr);
  CHECK(bar->grade == Trust::assumed);
  // Full recompute runs the forward again: at most a third more work than none.
  CHECK(bar->span() > 1.15);
  CHECK(bar->span() < 1.45);
}

TEST_CASE("a parameter that rows decide is measured, one that stays at its prior is what the prior is") {
  const Calibration c = calibration();
  const auto& table = parameter_table();
  CHECK(grade_of(c, table[static_cast<std::size_t>(Parameter::gemm_rate_ampere)]) == Trust::measured);
  CHECK(grade_of(c, table[static_cast<std::size_t>(Parameter::launch_sharpness)]) == Trust::assumed);
}

TEST_CASE("a prediction's band and its tornado rest on the same movements, worked out once") {
  const Calibration c = calibration();
  const Run run = validated({GptRow{}}).rows[0].run;
  const Prediction p = predict(run, c);
  const auto shared = tornado(run, p.step, p.uncertainty, c);
  const auto anew = tornado(run, p.step, c);
  REQUIRE(shared.size() == anew.size());
  for (std::size_t i = 0; i < shared.size(); ++i) {
    CHECK(shared[i].input == anew[i].input);
    CHECK(shared[i].low.value() == anew[i].low.value());
    CHECK(shared[i].high.value() == anew[i].high.value());
  }
  const Band<Seconds> band = step_band(run, p.step, c);
  CHECK(p.band.low.value() == band.low.value());
  CHECK(p.band.high.value() == band.high.value());
}
