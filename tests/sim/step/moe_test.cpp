// SPDX-License-Identifier: Apache-2.0
// What mixture-of-experts layers pay beside their products: biases, launches, waits, exchanges, and all that again.
#include <string>

#include "sim/step/layer_time.hpp"
#include "sim/step/step.hpp"
#include "sim/workload/expand.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

/// GPT-OSS 120B on 64 H100, experts over eight; `more` adds keys to the run.
Run gpt_oss(const std::string& more = "") {
  return test::run_of(R"({"model": "gpt-oss-120b", "cluster": {"gpu": "H100-SXM-80GB", "gpus": 64},
    "stack": "megatron-core", "software_date": "2026-02", "parallelism": {"pp": 4, "ep": 8},
    "batch": {"seq_len": 4096, "global_sequences": 1280})" +
                      more + "}");
}

/// DeepSeek-V3 with its experts over four nodes of eight H100.
Run across_nodes(const std::string& more) {
  return test::run_of(R"({"model": "deepseek-v3", "cluster": {"gpu": "H100-SXM-80GB", "gpus": 1024},
    "stack": "megatron-core", "parallelism": {"pp": 16, "ep": 32},
    "batch": {"seq_len": 4096, "global_sequences": 8192})" +
                      more + "}");
}

LayerTime first_layer(const Run& run) { return layer_times(run, test::calibration().parameters, false).front(); }
StepEstimate step(const Run& run) { return evaluate(run, test::calibration().parameters); }

}  // namespace

TEST_CASE("biases of experts' outputs are added in eager kernels, forward and backward") {
  const Run biased = gpt_oss();
  Run plain = biased;
  for (models::Layer& layer : plain.model.kinds) layer.mlp.bias = false;
  const LayerTime with = first_layer(biased);
  const LayerTime without = first_layer(plain);
  // 4 copies of 4,096 tokens of width 2,880; forward: product w4, sum r2+r4+w4, join r4+w4, cast r4+w2 = 28 bytes.
  const double elements = 4.0 * 4096 * 2880;
  const double rate = 3.35e12 * test::calibration().parameters[Parameter::memory_bound];
  const Seconds forward = with.forward[Term::elementwise] - without.forward[Term::elementwise];
  CHECK(forward.value() == Approx(elements * 28 / rate).epsilon(0.01));
  // Backward: cast r2+w4, cast r4+w2, join r2+w2, and two products r4+w4 with their sums r4: 40 bytes.
  const Seconds backward = with.input_gradient[Term::elementwise] - without.input_gradient[Term::elementwise];
  CHECK(backward.value() == Approx(elements * 40 / rate).epsilon(0.01));
}

TEST_CASE("the host launches once an expert, so fewer experts a rank cost it less") {
  Run many = gpt_oss();
  Run one_kernel = many;
  one_kernel.stack.host_expert_gemms = 0;
  one_kernel.stack.host_expert_biases = 0;
  CHECK(first_layer(many).forward[Term::host] > first_layer(one_kernel).forward[Term::host]);
  // 16 experts of a rank, two products: 32 calls; no pass can lose more than its launches take.
  const Seconds lost = first_layer(many).forward[Term::host] - first_layer(one_kernel).forward[Term::host];
  CHECK(lost.value() < 32 * 6e-6 + 48 * 12e-6);
}

TEST_CASE("experts filled up to a capacity have counts that the host knows: no pass waits for them") {
  const LayerTime waits = first_layer(gpt_oss(R"(, "routing": "balanced")"));
  const LayerTime knows = first_layer(gpt_oss(R"(, "routing": "dropped")"));
  const double sync = test::calibration().parameters[Parameter::host_moe_sync];
  CHECK((waits.forward[Term::host] - knows.forward[Term::host]).value() == Approx(sync).epsilon(1e-6));
  CHECK((waits.input_gradient[Term::host] - knows.input_gradient[Term::host]).value() ==
        Approx(0.5 * sync).epsilon(1e-6));
}

TEST_CASE("a recomputed MoE layer sends its tokens again and waits again") {
  const std::string mode = R"(, "recompute": {"mode": "selective", "modules": [")";
  const LayerTime act = first_layer(gpt_oss(mode + R"(moe_act"]})"));
  const LayerTime moe = first_layer(gpt_oss(mode + R"(moe"]})"));
  const Seconds more = moe.input_gradient[Term::recompute] - act.input_gradient[Term::recompute];
  const double sync = test::calibration().parameters[Parameter::host_moe_sync];
  CHECK(more.value() > (moe.forward[Term::grouped_gemm] + moe.forward[Term::expert_comm]).value() + sync);
  // The activation: 4,096 tokens x 4 experts x width 2,880, read twice and written.
  const double rate = 3.35e12 * test::calibration().parameters[Parameter::memory_bound];
  CHECK(act.input_gradient[Term::recompute].value() == Approx(4.0 * 4096 * 2880 * 6 / rate).epsilon(0.01));
}

TEST_CASE("experts spread over nodes get one copy of a token a node since the stack can, unless a run says otherwise") {
  const std::string new_software = R"(, "software_date": "2026-02")";
  const Run silent = across_nodes(new_software);
  CHECK(deduplicates_dispatch(silent));
  CHECK_FALSE(deduplicates_dispatch(across_nodes(new_software + R"(, "features": ["alltoall-dispatcher"])")));
  CHECK_FALSE(deduplicates_dispatch(across_nodes(R"(, "software_date": "2024-11")")));
  CHECK_FALSE(deduplicates_dispatch(gpt_oss()));  // eight experts' ranks are one node
  // 8 copies against 4 * (1 - (3/4)^8) = 3.6 nodes: the exchange shrinks by more than half.
  const Run each = across_nodes(new_software + R"(, "features": ["a2a"])");
  CHECK(step(silent).terms[Term::expert_comm] < step(each).terms[Term::expert_comm] * 0.5);
}
