// SPDX-License-Identifier: Apache-2.0
// Is a layer by itself what the step is made of, and what published layers took?
#include "sim/step/layer_time.hpp"

#include <algorithm>

#include "sim/step/step_parts.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

const Parameters& parameters() { return test::calibration().parameters; }

double ms(Seconds s) { return s.value() * 1e3; }

const LayerTime& with_experts(const Run& run, const std::vector<LayerTime>& layers) {
  const auto at = std::find_if(layers.begin(), layers.end(), [&](const LayerTime& t) {
    return run.model.kinds[t.kind].mlp.kind == models::Mlp::Kind::moe;
  });
  REQUIRE(at != layers.end());
  return *at;
}

}  // namespace

TEST_CASE("layers by themselves are the layers of the step, split into passes") {
  for (const char* id : {"deepseek-v3-2048-h800", "llama2-70b-64-h100", "llama3.1-405b-16k-h100"}) {
    const Run run = test::shipped_run(id);
    const StepParts parts = step_parts(run, parameters());
    const std::vector<LayerTime> layers = layer_times(run, parameters());
    REQUIRE(layers.size() == parts.layers.size());
    for (const LayerTime& t : layers) {
      INFO(id << " kind " << t.kind);
      const LayerCost& cost = parts.layers[t.kind];
      CHECK(ms(t.forward.sum()) == Approx(ms(cost.forward_time())));
      CHECK(ms(t.backward()) == Approx(ms(cost.backward_time())));
      CHECK(ms(t.weight_gradient.sum()) == Approx(ms(cost.weight_gradient)));
      CHECK(t.gpu_forward() <= t.forward.sum());
      Seconds operators;
      for (const OperatorTime& o : t.operators) operators += o.weight_gradient;
      CHECK(ms(operators) == Approx(ms(t.weight_gradient.sum())));
    }
  }
}

// deepseek-ai/profile-data train.json @4496024, H800, EP64, 4,096 tokens, dispatch and combine beside: forward 4.599 ms
// of attention and 4.641 ms of MLP; weight gradients 2.396 and 5.073 ms; input gradients, with what is
// recomputed, 9.540 and 5.363 ms.
TEST_CASE("DeepSeek-V3's MoE layer takes what its training trace shows, within 10 %") {
  Run run = test::shipped_run("deepseek-v3-2048-h800");
  run.routing = Routing::balanced;
  const std::vector<LayerTime> layers = layer_times(run, parameters());
  const LayerTime& layer = with_experts(run, layers);
  CHECK(ms(layer.gpu_forward() - layer.forward[Term::expert_comm]) == Approx(4.599 + 4.641).epsilon(0.10));
  CHECK(ms(layer.weight_gradient.sum()) == Approx(2.396 + 5.073).epsilon(0.10));
  const Seconds inputs = layer.gpu_backward() - layer.weight_gradient.sum() - layer.input_gradient[Term::expert_comm];
  CHECK(ms(inputs) == Approx(9.540 + 5.363).epsilon(0.10));
}

TEST_CASE("no pass is faster than its products at the part's peak, and both gradients have the forward's products") {
  const Run run = test::shipped_run("llama2-70b-64-h100");
  const LayerTime t = layer_times(run, parameters()).front();
  // Llama 2 70B: hidden 8192, 64 heads and 8 key-value heads of 128, ffn 28672; on tp ranks.
  const double tokens = static_cast<double>(run.batch.micro_sequences) * run.batch.seq_len;
  const double flops = 2 * tokens * 8192.0 * (8192 + 2 * 1024 + 8192 + 3 * 28672.0) / run.parallelism.tp;
  const bool eight_bit = is_eight_bit_or_less(run.precision);
  const double least = flops / (eight_bit ? 1979e12 : 989.5e12);
  CHECK(t.forward[Term::gemm].value() > least);
  CHECK(t.input_gradient[Term::gemm].value() > least);
  CHECK(t.weight_gradient[Term::gemm].value() > least);
  CHECK(t.forward[Term::gemm].value() < 2 * least);
  CHECK(t.weight_gradient[Term::attention].value() == 0);
  CHECK(t.weight_gradient[Term::elementwise].value() == 0);
}

TEST_CASE("fp32 accumulation is only there when asked for, and takes the bytes of the layer's parameters") {
  const Run run = test::shipped_run("llama2-70b-64-h100");
  const LayerTime plain = layer_times(run, parameters()).front();
  const LayerTime adding = layer_times(run, parameters(), true).front();
  CHECK(plain.weight_gradient[Term::accumulation].value() == 0);
  // A kernel of its own reads a 16-bit gradient and the fp32 sum and writes the sum: 10 bytes over 3.35 TB/s, at most
  // twice that. In the product's epilogue (Megatron-Core's gradient_accumulation_fusion) only the sum's read is added.
  const double byte = plain.parameters.total() / 3.35e12;
  const double added = (adding.backward() - plain.backward()).value();
  CHECK(added > 4 * byte);
  CHECK(added < 20 * byte);
  CHECK(adding.forward.sum().value() == plain.forward.sum().value());
}
