// SPDX-License-Identifier: Apache-2.0
// Are a claim's own figures read and compared as a careful reader would?
#include "sim/claims/figures.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

models::Claim claim() {
  models::Claim c;
  c.id = "made up";
  c.source.trust = Trust::paper;
  return c;
}

bool contradicts(const models::Claim& c, const ClaimContext& context = {}) {
  const auto checks = check_arithmetic(c, context);
  return std::any_of(checks.begin(), checks.end(), [](const ArithmeticCheck& x) { return x.contradicts; });
}

}  // namespace

TEST_CASE("a figure is known to half its last digit") {
  CHECK(rounding_of(54.2) == Approx(0.05 / 54.2));
  CHECK(rounding_of(2048) == Approx(0.5 / 2048));
  CHECK(rounding_of(0.75) == Approx(0.005 / 0.75));
  CHECK(rounding_of(2000000) == Approx(0.10));  // "2 M": a half of two, capped
  CHECK(rounding_of(95) == Approx(0.5 / 95));
}

TEST_CASE("GPU-hours come from the most direct figure") {
  models::Claim c = claim();
  CHECK_FALSE(claimed_hours(c, {}));
  c.claimed.cost_usd = 600;
  c.claimed.usd_per_gpu_hour = 2;
  CHECK(claimed_hours(c, {})->mid == Approx(300));
  c.tokens_b = 3.6;  // 3.6e9 tokens at 1,000 a second are 1,000 hours
  c.claimed.tokens_per_s_per_gpu = 1000;
  CHECK(claimed_hours(c, {})->mid == Approx(1000));
  c.claimed.gpu_years = 1;
  CHECK(claimed_hours(c, {})->mid == Approx(8766));
  c.hardware.gpus = 16;
  c.claimed.days = 2;
  CHECK(claimed_hours(c, {})->mid == Approx(768));
  c.claimed.gpu_hours_per_trillion_tokens = 200000;
  CHECK(claimed_hours(c, {})->mid == Approx(720));
  c.claimed.gpu_hours = 5;
  CHECK(claimed_hours(c, {})->mid == Approx(5));
}

TEST_CASE("utilisation gives hours where FLOPs and peak are known") {
  models::Claim c = claim();
  c.tokens_b = 1;
  c.claimed.mfu_pct = 50;
  CHECK_FALSE(claimed_hours(c, {}));
  ClaimContext context;
  context.flops_per_token = 3.6e9;
  context.peak_flop_per_s = 1e12;
  // 3.6e18 FLOPs at 0.5e12 a second are 7.2e6 s.
  CHECK(claimed_hours(c, context)->mid == Approx(2000));
}

TEST_CASE("a cost without a price is a range of hours") {
  models::Claim c = claim();
  c.claimed.cost_usd = 1000;
  ClaimContext context;
  context.usd_per_gpu_hour = Band<double>{1, 2, 4};
  const auto hours = claimed_hours(c, context);
  REQUIRE(hours);
  CHECK(hours->range.low == Approx(250));
  CHECK(hours->range.high == Approx(1000));
}

TEST_CASE("GPUs times days that are the claimed hours agree, others contradict") {
  models::Claim c = claim();
  c.hardware.gpus = 2048;
  c.claimed.days = 54.2;
  c.claimed.gpu_hours = 2664000;  // DeepSeek-V3: 2048 x 54.2 x 24 = 2,664,038
  CHECK_FALSE(contradicts(c));
  c.claimed.gpu_hours = 266400;
  CHECK(contradicts(c));
  c.claimed.gpu_hours = 5300000;
  CHECK(contradicts(c));
}

TEST_CASE("rounded figures do not contradict") {
  models::Claim c = claim();
  c.hardware.gpus = 96;  // JetMoE: 96 x 14 x 24 = 32,256 for "30,000"
  c.claimed.days = 14;
  c.claimed.gpu_hours = 30000;
  CHECK_FALSE(contradicts(c));
  c.hardware.gpus = 8;  // nanochat: $48 for 16.2 hours at $3
  c.claimed.days = 0.0842;
  c.claimed.gpu_hours = 16.2;
  c.claimed.cost_usd = 48;
  c.claimed.usd_per_gpu_hour = 3;
  CHECK_FALSE(contradicts(c));
}

TEST_CASE("hours times price that is not the cost contradicts") {
  models::Claim c = claim();
  c.claimed.gpu_hours = 2788000;
  c.claimed.usd_per_gpu_hour = 2;
  c.claimed.cost_usd = 5576000;
  CHECK_FALSE(contradicts(c));
  c.claimed.cost_usd = 2788000;
  CHECK(contradicts(c));
}

TEST_CASE("hours may exceed what the claimed speed needs, not fall short of it") {
  models::Claim c = claim();
  c.tokens_b = 1400;  // LLaMA-65B: 1.4 T tokens at 380 tokens/s/GPU are 1,023,392 GPU-hours
  c.claimed.tokens_per_s_per_gpu = 380;
  c.claimed.gpu_hours = 1022362;
  CHECK_FALSE(contradicts(c));
  c.claimed.gpu_hours = 1400000;
  CHECK_FALSE(contradicts(c));
  c.claimed.gpu_hours = 500000;
  CHECK(contradicts(c));
}

TEST_CASE("hours that mean twice the claimed utilisation contradict it") {
  models::Claim c = claim();
  c.tokens_b = 1;
  c.claimed.mfu_pct = 40;
  ClaimContext context;
  context.flops_per_token = 3.6e9;
  context.peak_flop_per_s = 1e12;
  c.claimed.gpu_hours = 2500;  // 40 %
  CHECK_FALSE(contradicts(c, context));
  c.claimed.gpu_hours = 5000;  // 20 %: a bill holds more than the run
  CHECK_FALSE(contradicts(c, context));
  c.claimed.gpu_hours = 1250;  // 80 %
  CHECK(contradicts(c, context));
}

TEST_CASE("hours and dollars read well") {
  CHECK(hours_text(2788000) == "2.788 M");
  CHECK(hours_text(119000) == "119,000");
  CHECK(hours_text(16.16) == "16.16");
  CHECK(dollars_text(5576000) == "$5.576 M");
  CHECK(dollars_text(450) == "$450");
}
