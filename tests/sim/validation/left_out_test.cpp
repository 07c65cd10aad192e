// SPDX-License-Identifier: Apache-2.0
// Is a row that is left out truly unknown to the refit, and does the refit find the same minimum as a fit from scratch?
#include <cmath>

#include "sim/validation/fit_rows.hpp"
#include "sim/validation/left_out.hpp"
#include "sim/validation/sets.hpp"
#include "tests/sim/validation/observations.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

/// Every n-th shipped row: enough of each stack, few enough to fit from scratch in a test.
std::vector<models::Observation> thinned(std::size_t n) {
  Diagnostics faults;
  const std::vector<models::Observation> all = fitted_observations(catalogue(), faults);
  REQUIRE(faults.empty());
  std::vector<models::Observation> some;
  for (std::size_t i = 0; i < all.size(); i += n) some.push_back(all[i]);
  return some;
}

std::vector<FitRow> rows_of(const std::vector<models::Observation>& observations) {
  Diagnostics faults;
  std::vector<FitRow> rows = fit_rows(observations, catalogue(), faults);
  REQUIRE(faults.empty());
  return rows;
}

Validation validated_as(const std::vector<models::Observation>& observations) {
  Diagnostics faults;
  return validate(observations, catalogue(), calibration(), faults);
}

}  // namespace

TEST_CASE("a refit without a fold predicts what a fit from scratch of the other rows predicts") {
  const auto observations = thinned(12);
  const std::vector<FitRow> rows = rows_of(observations);
  const Validation v = validated_as(observations);
  const std::vector<Fold> folds = folds_by(v.rows, LeftOutBy::publisher_family);
  REQUIRE(folds.size() >= 4);
  const Fit all = fit(rows, Parameters::priors());
  const std::vector<Fit> without = fit_without(rows, folds, all.parameters);
  const Fold& fold = folds.front();
  std::vector<FitRow> rest = rows;
  for (auto i = fold.rows.rbegin(); i != fold.rows.rend(); ++i) rest.erase(rest.begin() + static_cast<long>(*i));
  const Fit scratch = fit(rest, Parameters::priors());
  for (const std::size_t i : fold.rows) {
    const double a = evaluate(rows[i].run, without.front().parameters).time.value();
    const double b = evaluate(rows[i].run, scratch.parameters).time.value();
    CHECK(a == Approx(b).epsilon(0.01));
  }
}

TEST_CASE("what is left out has no say: another measured time there changes nothing") {
  const auto observations = thinned(40);
  std::vector<FitRow> rows = rows_of(observations);
  const Parameters start = calibration().parameters;
  const std::vector<Fold> folds{{"first", {0}}};
  const Parameters before = fit_without(rows, folds, start).front().parameters;
  rows[0].measured = rows[0].measured * 3.0;
  CHECK(fit_without(rows, folds, start).front().parameters == before);
}

TEST_CASE("each row is in one fold, and a family is the first word of its publishers") {
  GptRow other;
  other.id = "other";
  other.publisher = "A/B systems 2.0";
  GptRow third;
  third.id = "third";
  third.publisher = "C";
  const Validation v = validated({GptRow{}, other, third});
  CHECK(folds_by(v.rows, LeftOutBy::publisher_family).size() == 2);
  CHECK(folds_by(v.rows, LeftOutBy::publisher).size() == 3);
  CHECK(folds_by(v.rows, LeftOutBy::model).size() == 1);
}

TEST_CASE("layouts of the same work are ordered by their measured times") {
  GptRow slow;
  slow.id = "slow";
  slow.pp = 32;
  slow.measured = R"("step_time_s": 25.0)";
  GptRow near_first = slow;
  near_first.id = "near";
  near_first.pp = 8;
  near_first.measured = R"("step_time_s": 20.5)";
  const Validation v = validated({GptRow{}, slow, near_first});
  // 20.0 against 20.5 is within 5 %: two pairs count.
  const std::vector<Seconds> as_measured{Seconds{1.0}, Seconds{1.3}, Seconds{1.1}};
  CHECK(pair_order(v.rows, as_measured).pairs == 2);
  CHECK(pair_order(v.rows, as_measured).right == 2);
  const std::vector<Seconds> reversed{Seconds{1.3}, Seconds{1.0}, Seconds{1.1}};
  CHECK(pair_order(v.rows, reversed).right == 0);
}
