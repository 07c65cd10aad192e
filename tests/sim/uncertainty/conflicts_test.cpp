// SPDX-License-Identifier: Apache-2.0
// Does the band say so where two publications of one configuration disagree?
#include "sim/uncertainty/conflicts.hpp"

#include <cmath>

#include "sim/uncertainty/step_band.hpp"
#include "tests/sim/validation/observations.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

Run gpt_run() { return validated({GptRow{}}).rows[0].run; }

}  // namespace

TEST_CASE("a release changes nothing of a configuration, a layout does") {
  const Run run = gpt_run();
  Run later = run;
  later.software_date = "2031-01";
  later.name = "another";
  CHECK(configuration_of(later) == configuration_of(run));
  Run wider = run;
  wider.parallelism.tp *= 2;
  CHECK(configuration_of(wider) != configuration_of(run));
  Run graphed = run;
  graphed.features.add(Feature::cuda_graph);
  CHECK(configuration_of(graphed) != configuration_of(run));
}

TEST_CASE("steps of one configuration conflict when they are more than a twentieth apart") {
  const auto found = conflicts_among({{"b", Seconds{2.0}},
                                      {"a", Seconds{1.0}},
                                      {"b", Seconds{2.5}},
                                      {"a", Seconds{1.04}},
                                      {"c", Seconds{3.0}},
                                      {"b", Seconds{2.2}}});
  REQUIRE(found.size() == 1);
  CHECK(found[0].configuration == "b");
  CHECK(found[0].rows == 3);
  CHECK(found[0].half_range == Approx(std::log(1.25) / 2));
}

TEST_CASE("a prediction of a configuration whose publications disagree is no surer than they are") {
  Calibration c = calibration();
  const Run run = gpt_run();
  const StepEstimate estimate = evaluate(run, c.parameters);
  const double before = step_uncertainty(run, estimate, c).half_width;
  c.conflicts = conflicts_among({{configuration_of(run), Seconds{1.0}}, {configuration_of(run), Seconds{1.5}}});
  const StepUncertainty after = step_uncertainty(run, estimate, c);
  CHECK(after.half_width == Approx(std::hypot(before, std::log(1.5) / 2)));
  CHECK(after.in("conflict") == false);  // half a regime's width: the name of the regime stays
  CHECK(after.why().back() == "+-22 %: published steps of this very configuration disagree");
}
