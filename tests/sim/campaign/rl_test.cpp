// SPDX-License-Identifier: Apache-2.0
// Does the model of reinforcement learning land on published steps, and does decoding obey its roofline?
#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/campaign/lengths.hpp"
#include "sim/campaign/rl_observation.hpp"
#include "tests/sim/campaign/support.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::test;

namespace {

std::vector<RlObservation> shipped_rows() {
  Diagnostics faults;
  auto rows = list_rl_observations(campaign_data().catalogue, faults);
  INFO(faults.text());
  REQUIRE(faults.empty());
  return rows;
}

RlObservation row(const std::string& part) {
  for (RlObservation& r : shipped_rows()) {
    if (r.id.find(part) != std::string::npos) return r;
  }
  FAIL("no row " << part);
  return {};
}

}  // namespace

TEST_CASE("H100 steps of reinforcement learning are predicted within 20 % in the median") {
  std::vector<RlObservation> h100;
  for (RlObservation& r : shipped_rows()) {
    if (r.run.cluster.gpu.id == "H100-SXM-80GB") h100.push_back(std::move(r));
  }
  REQUIRE(h100.size() == 21);
  std::vector<double> errors;
  int inside = 0;
  for (const RlRow& r : predict_rl(std::move(h100), campaign_data().calibration)) {
    errors.push_back(std::abs(r.error()));
    inside += r.inside() ? 1 : 0;
  }
  std::sort(errors.begin(), errors.end());
  CHECK(errors[errors.size() / 2] < 0.20);
  CHECK(inside >= 14);  // two thirds of the 80 % bands, at least
}

TEST_CASE("a cut lognormal has the mean that was asked for") {
  const LengthLaw law = length_law(3000, 0.8, 4096);
  const std::vector<double> lengths = typical_lengths(law, 20000);
  CHECK(std::accumulate(lengths.begin(), lengths.end(), 0.0) / 20000 == Approx(3000).epsilon(0.005));
  CHECK(*std::max_element(lengths.begin(), lengths.end()) == Approx(4096));
  CHECK(law.quantile(0.1) < law.quantile(0.5));
}

TEST_CASE("decoding is never faster than reading the weights once a step") {
  const RlObservation r = row("v0.5-qwen3-32b-grpo-h100-bf16-32");
  const GenerationTime t = generation_time(r.run, r.rl.samples, r.rl.generation, 1, true);
  CHECK(t.fits);
  // 32.8 B parameters of 2 bytes on 4 GPUs of 3.35 TB/s, once a token of the longest response.
  const double floor = 32.8e9 * 2 / 4 / 3.35e12 * r.rl.samples.longest;
  CHECK(t.total.value() > floor);
  const double parts = (t.prefill + t.weights + t.cache + t.compute + t.exchange + t.overhead).value();
  CHECK(t.total.value() == Approx(parts));
}

TEST_CASE("longer tails take longer, more GPUs and narrower weights take less") {
  RlObservation r = row("v0.5-qwen3-32b-grpo-h100-bf16-32");
  const auto time = [&] { return generation_time(r.run, r.rl.samples, r.rl.generation, 1, true).total.value(); };
  const double base = time();
  r.rl.samples.longest *= 2;
  CHECK(time() > base);
  r.rl.samples.longest /= 2;
  r.rl.generation.precision = Precision::fp8;
  CHECK(time() < base);
  r.rl.generation.precision.reset();
  r.rl.generation.gpus = 64;
  CHECK(time() < base);
}

TEST_CASE("generation on GPUs of its own hides behind training, or training behind it") {
  const RlObservation r = row("v0.5-qwen3-32b-grpo-h100-bf16-64-off1");
  const RlStep s = rl_step(r.run, r.rl, campaign_data().calibration);
  const Seconds side = s.training + s.log_probs + s.reward;
  CHECK(s.total.value() == Approx((max(s.generation, side) + s.refit + s.fixed).value()));
  RlWork together = r.rl;
  together.policy_lag = 0;
  CHECK(rl_step(r.run, together, campaign_data().calibration).total > s.total);
}

TEST_CASE("PPO trains and scores more than GRPO") {
  RlObservation r = row("v0.5-qwen3-32b-grpo-h100-bf16-32");
  const RlStep grpo = rl_step(r.run, r.rl, campaign_data().calibration);
  r.rl.algorithm = RlAlgorithm::ppo;
  const RlStep ppo = rl_step(r.run, r.rl, campaign_data().calibration);
  CHECK(ppo.training.value() == Approx(2 * grpo.training.value()));
  CHECK(ppo.log_probs > grpo.log_probs);
}
