// SPDX-License-Identifier: Apache-2.0
// Do checked claims come out as their figures deserve?
#include "sim/claims/check.hpp"

#include <algorithm>
#include <cmath>

#include "base/embedded.hpp"
#include "hardware/catalogue.hpp"
#include "sim/claims/physics.hpp"
#include "sim/claims/scale.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

struct Data {
  Diagnostics faults;
  Catalogue catalogue = Catalogue::open(embedded_files(), "", faults);
  Calibration calibration = *shipped_calibration(catalogue, faults);
  hardware::Prices prices = hardware::load_prices(catalogue, faults);
};

Data& data() {
  static Data d;
  return d;
}

/// Without neighbours and other GPUs, which take time.
Check checked(const models::Claim& claim) {
  Diagnostics faults;
  const Check c = check(claim, {data().catalogue, data().calibration, faults}, data().prices, {{}, 0});
  INFO(faults.text());
  REQUIRE(faults.empty());
  return c;
}

models::Claim shipped(const std::string& id) {
  Diagnostics faults;
  const auto c = models::load_claim(data().catalogue, id, faults);
  REQUIRE(c);
  return *c;
}

/// Llama 2 7B on 2 T tokens, as published but for the hours.
models::Claim llama(double gpu_hours) {
  models::Claim c = shipped("llama2-7b");
  c.claimed = {};
  if (gpu_hours > 0) c.claimed.gpu_hours = gpu_hours;
  return c;
}

bool has(const Check& c, Reason::Kind kind) {
  return std::any_of(c.reasons.begin(), c.reasons.end(), [&](const Reason& r) { return r.kind == kind; });
}

}  // namespace

TEST_CASE("DeepSeek-V3's budget is consistent, stage by stage") {
  const Check c = checked(shipped("deepseek-v3-total"));
  CHECK(c.verdict == Verdict::consistent);
  REQUIRE(c.simulated.gpu_hours);
  // Table 1 of arXiv:2412.19437: 2,664 K + 119 K + 5 K.
  CHECK(c.simulated.gpu_hours->mid == Approx(2788000).epsilon(0.12));
  // Post-training adds less than a thousandth.
  CHECK(c.simulated.tokens == Approx(14.8e12 + 2 * 1000 * 62914560.0).epsilon(1e-3));
  CHECK(c.implied.step_time_s == Approx(20.6).epsilon(0.05));  // 19.9 s measured, context extension is slower
  for (const std::string stage : {"deepseek-v3-pretrain", "deepseek-v3-context", "deepseek-v3-post"}) {
    const auto row = std::find_if(c.simulated.rows.begin(), c.simulated.rows.end(),
                                  [&](const StageRow& r) { return r.name == stage; });
    INFO(stage);
    REQUIRE(row != c.simulated.rows.end());
    REQUIRE(row->gpu_hours);
    CHECK(row->gpu_hours->low <= *row->claimed);
    CHECK(row->gpu_hours->high >= *row->claimed);
  }
}

TEST_CASE("a budget of half the physical floor is impossible") {
  // 6 x 6.6 G multiplying parameters and attention at 4,096: about 4.3e10 FLOPs a token; 2 T tokens at 312 TFLOP/s.
  const double floor = checked(llama(200000)).floor_hours;
  CHECK(floor == Approx(4.3e10 * 2e12 / 312e12 / 3600).epsilon(0.05));
  CHECK(checked(llama(floor / 2)).verdict == Verdict::impossible);
  CHECK(checked(llama(floor * 1.05)).verdict == Verdict::implausible);
}

TEST_CASE("Llama 2's published hours are consistent, ten times as many are generous") {
  const Check c = checked(llama(184320));
  CHECK(c.verdict == Verdict::consistent);
  CHECK(has(c, Reason::Kind::physics));
  CHECK(has(c, Reason::Kind::simulation));
  CHECK(c.implied.mfu == Approx(0.415).epsilon(0.03));
  CHECK(checked(llama(1843200)).verdict == Verdict::generous);
}

TEST_CASE("more hours never make a consistent claim impossible") {
  bool was_consistent = false;
  for (double hours = 20000; hours < 3e6; hours *= 1.5) {
    const Verdict v = checked(llama(hours)).verdict;
    if (was_consistent) CHECK_FALSE(contradicted(v));
    was_consistent = was_consistent || v == Verdict::consistent;
  }
  CHECK(was_consistent);
}

TEST_CASE(
    "figures that contradict each other are impossible; of those nobody read in a source the best reading counts") {
  models::Claim c = llama(184320);
  c.claimed.days = 10;
  c.claimed.gpus = 64;
  c.hardware.gpus = 64;  // 64 x 10 x 24 = 15,360
  CHECK(checked(c).verdict == Verdict::impossible);
  c.source.trust = Trust::assumed;
  CHECK(checked(c).verdict == Verdict::consistent);  // 184,320 hours are what Llama 2's paper has
  c.claimed.gpu_hours = 30000;                       // below what a simulation finds, by either reading
  CHECK(contradicted(checked(c).verdict));
}

TEST_CASE("claims cut to a third of their budgets are noticed, the claims themselves are not called false") {
  Diagnostics faults;
  int told = 0;
  int fine = 0;
  int noticed = 0;
  for (const models::Claim& claim : models::list_claims(data().catalogue, faults)) {
    const Check c = checked(claim);
    INFO(claim.id);
    CHECK(c.verdict != Verdict::impossible);
    if (!c.claimed || !c.simulated.gpu_hours) {
      CHECK(c.verdict == Verdict::undetermined);
      continue;
    }
    ++told;
    fine += c.verdict == Verdict::consistent || c.verdict == Verdict::generous ? 1 : 0;
    noticed += contradicted(checked(scaled(claim, 1.0 / 3)).verdict) ? 1 : 0;
  }
  CHECK(told >= 38);
  CHECK(fine >= 0.85 * told);
  CHECK(noticed >= 0.85 * told);
}

TEST_CASE("what is missing is named") {
  models::Claim c = llama(184320);
  c.tokens_b.reset();
  Check result = checked(c);
  CHECK(result.verdict == Verdict::undetermined);
  REQUIRE(result.missing.size() == 1);
  CHECK(result.missing[0].find("tokens") != std::string::npos);
  result = checked(llama(0));
  CHECK(result.verdict == Verdict::undetermined);
  CHECK(result.missing[0].find("GPU-hours") != std::string::npos);
  c = llama(184320);
  c.hardware.gpu = "TPU v3";
  result = checked(c);
  CHECK(result.verdict == Verdict::undetermined);
  CHECK(result.missing[0].find("TPU v3") != std::string::npos);
}

TEST_CASE("a bill may be higher than a throughput") {
  models::Claim c = llama(184320);
  c.hours_are = models::HoursAre::throughput;
  const double throughput = checked(c).simulated.gpu_hours->mid;
  c.hours_are = models::HoursAre::bill;
  CHECK(checked(c).simulated.gpu_hours->mid == Approx(throughput / 0.90));  // BLOOM's goodput
}

TEST_CASE("no shipped claim is called impossible, and the ones with full figures are decided") {
  Diagnostics faults;
  int decided = 0;
  for (const models::Claim& claim : models::list_claims(data().catalogue, faults)) {
    const Check c = checked(claim);
    INFO(claim.id);
    CHECK(c.verdict != Verdict::impossible);
    decided += c.verdict == Verdict::undetermined ? 0 : 1;
  }
  CHECK(decided >= 28);
}

TEST_CASE("claims whose hours are tokens over throughput are met within a third") {
  // DeepSeek-V2 and V3 (arXiv:2405.04434, 2412.19437), LLaMA (2302.13971)
  for (const std::string id : {"deepseek-67b-pretrain", "deepseek-v2-pretrain", "deepseek-v3-pretrain", "llama1-65b"}) {
    const Check c = checked(shipped(id));
    INFO(id);
    CHECK(c.verdict == Verdict::consistent);
    CHECK(std::abs(std::log(c.simulated.gpu_hours->mid / c.claimed->mid)) < std::log(4.0 / 3));
  }
}

TEST_CASE("a claim that names itself is refused, not followed for ever") {
  models::Claim c = shipped("deepseek-v3-total");
  c.id = "deepseek-v3-pretrain";  // as if a stage were the whole
  const Check result = checked(c);
  CHECK(result.verdict == Verdict::undetermined);
  CHECK(std::any_of(result.missing.begin(), result.missing.end(),
                    [](const std::string& m) { return m.find("names itself") != std::string::npos; }));
}

TEST_CASE("the same model on the same GPU is no distance away") {
  Likeness a;
  a.active_parameters = 37e9;
  a.total_parameters = 671e9;
  a.experts = true;
  a.gpu = "H800-SXM-80GB";
  a.gpus = 2048;
  a.bits = 8;
  CHECK(distance(a, a) == 0);
  Likeness b = a;
  b.gpus = 512;  // two doublings at a quarter each
  CHECK(distance(a, b) == Approx(0.5));
  b = a;
  b.active_parameters /= 2;
  CHECK(distance(a, b) == Approx(1));
  CHECK(distance(b, a) == distance(a, b));
}

TEST_CASE("V3's nearest measurement is its own step, and the same run is priced on other GPUs") {
  Diagnostics faults;
  const Check c = check(shipped("deepseek-v3-total"), {data().catalogue, data().calibration, faults}, data().prices);
  REQUIRE_FALSE(c.nearest.empty());
  CHECK(c.nearest[0].id.find("deepseek-v3-h800") == 0);
  CHECK(c.nearest[0].mfu == Approx(0.389).epsilon(0.01));  // 38.94 %, arXiv:2505.09343 table 4
  REQUIRE(c.elsewhere.size() == 2);
  for (const ElsewhereCost& e : c.elsewhere) {
    INFO(e.gpu);
    REQUIRE(e.gpu_hours);
    REQUIRE(e.cost_usd);
    CHECK_FALSE(e.basis.empty());
    CHECK(e.cost_usd->low < e.cost_usd->mid);
  }
  // No FP8 and a third of the bf16 rate: several times the hours of an H100.
  CHECK(c.elsewhere[1].gpu_hours->mid > 2 * c.elsewhere[0].gpu_hours->mid);
}

TEST_CASE("every claim says what it leaves out") {
  const Scope pretrain = scope_of(shipped("deepseek-v3-pretrain"));
  CHECK(pretrain.leaves_out.front() == "earlier research, ablations and failed runs");  // its own words first
  const auto says = [](const Scope& s, std::string_view word) {
    return std::any_of(s.leaves_out.begin(), s.leaves_out.end(),
                       [&](const std::string& t) { return t.find(word) != std::string::npos; });
  };
  CHECK(says(pretrain, "post-training"));
  CHECK(says(pretrain, "staff"));
  CHECK(says(pretrain, "restarts"));
  CHECK_FALSE(says(scope_of(shipped("bloom-176b")), "restarts"));  // a bill holds them
}
