// SPDX-License-Identifier: Apache-2.0
// DeepSeek-V3's training step, which nothing in Sextant is fitted to.
#include "sim/step/layer_cost.hpp"
#include "sim/step/step.hpp"
#include "sim/step/step_parts.hpp"
#include "sim/workload/expand.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

LayerCost block_cost(const Run& run, const StepParts& parts, Block block) {
  LayerWork work;
  for (const Op& op : expand_layer(run, run.model.kinds.back(), 1.0)) {
    if (op.block == block) work.add(op);
  }
  return layer_cost(work, true, {run, parts.device, parts.communication, test::calibration().parameters});
}

/// The trace was recorded with tokens spread evenly over the experts (deepseek-ai/profile-data, README).
Run traced_run() {
  Run run = test::shipped_run("deepseek-v3-2048-h800");
  run.routing = Routing::balanced;
  return run;
}

double ms(Seconds s) { return s.value() * 1e3; }

}  // namespace

TEST_CASE("the step on 2,048 H800 is within 3 % of the published one") {
  // arXiv:2505.09343 table 4: 19.926 s (MPFT) and 19.946 s (MRFT).
  const StepEstimate e = evaluate(test::shipped_run("deepseek-v3-2048-h800"), test::calibration().parameters);
  CHECK(e.time.value() == Approx(19.93).epsilon(0.03));
}

TEST_CASE("the blocks of a MoE layer are within 10 % of the published training trace") {
  // deepseek-ai/profile-data train.json @4496024 (H800, EP64, 4,096 tokens): mean span over four layers of each block
  // on the compute stream; F forward, B input gradient with what is recomputed, W weight gradient.
  const Run run = traced_run();
  const StepParts parts = step_parts(run, test::calibration().parameters);
  constexpr double near = 0.10;

  const LayerCost attention = block_cost(run, parts, Block::attention);
  CHECK(ms(attention.forward_compute) == Approx(4.59875).epsilon(near));
  CHECK(ms(attention.backward_compute - attention.weight_gradient) == Approx(9.54025).epsilon(near));
  CHECK(ms(attention.weight_gradient) == Approx(2.39575).epsilon(near));

  const LayerCost mlp = block_cost(run, parts, Block::mlp);
  CHECK(ms(mlp.forward_compute) == Approx(4.64125).epsilon(near));
  CHECK(ms(mlp.backward_compute - mlp.weight_gradient) == Approx(5.363).epsilon(near));
  CHECK(ms(mlp.weight_gradient) == Approx(5.07275).epsilon(near));

  // Kernels of the communication stream, beside compute, medians: dispatch 4.3125 ms forward and 3.4475 ms as the
  // gradient of combine; combine 6.027 ms forward and 6.5175 ms as the gradient of dispatch. Waits before them are not
  // counted.
  const double hidden = run.model.hidden;
  const double contended = 1.0 + parts.contention.communication;
  const Seconds dispatch =
      parts.communication.expert_exchange(4096, Bytes{hidden * run.stack.dispatch_bytes}) * contended;
  const Seconds combine = parts.communication.expert_exchange(4096, Bytes{hidden * 2}) * contended;
  CHECK(ms(dispatch) == Approx((4.3125 + 3.4475) / 2).epsilon(near));
  CHECK(ms(combine) == Approx((6.027 + 6.5175) / 2).epsilon(near));
}

TEST_CASE("an overlapped pair of four MoE layers takes what the trace shows") {
  // The same trace: 129.012 ms for forward and backward chunks of four layers side by side.
  const Run run = traced_run();
  const StepParts parts = step_parts(run, test::calibration().parameters);
  const StageCost& middle = parts.stages[8];
  REQUIRE(parts.layout.layers(8) == 4);
  CHECK(ms(overlapped_pair(middle.time, middle.time, parts.contention)) == Approx(129.012).epsilon(0.10));
}
