// SPDX-License-Identifier: Apache-2.0
// Kept activations of layers that the closed forms of 2022 do not cover, added up by hand. T: tokens of a micro-batch
// on a rank, h: hidden width; 2 bytes an element unless said.
#include "sim/memory/activations.hpp"

#include "sim/memory/in_flight.hpp"
#include "sim/memory/memory.hpp"
#include "sim/schedule/activations.hpp"
#include "sim/schedule/schedules.hpp"
#include "tests/sim/memory/runs.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::test;

namespace {

/// Llama 3 70B: hidden 8192, 64 heads of 128, 8 key-value heads, gated MLP of 28672 (arXiv:2407.21783, table 3).
Run llama() {
  Run run = megatron({80, 8192, 64, 8192, 128256}, 1, 1, 1, 1);
  run.model.norm_vectors = 1;
  run.model.kinds[0].attention.kv_heads = 8;
  run.model.kinds[0].mlp.gated = true;
  run.model.kinds[0].mlp.ffn = 28672;
  run.attention = AttentionKernel::fused;
  run.precision = Precision::bf16;
  run.stack.memory.dropout = false;
  return run;
}

/// DeepSeek-V3's MoE layer (arXiv:2412.19437, section 4.2).
Run latent_experts() {
  Run run = megatron({61, 7168, 128, 4096, 129280}, 1, 1, 1, 1);
  run.model.norm_vectors = 1;
  models::Attention& a = run.model.kinds[0].attention;
  a.kind = models::Attention::Kind::latent;
  a.q_lora_rank = 1536;
  a.kv_lora_rank = 512;
  a.qk_nope_head_dim = 128;
  a.qk_rope_head_dim = 64;
  a.head_dim = 192;
  a.v_head_dim = 128;
  models::Mlp& m = run.model.kinds[0].mlp;
  m = {};
  m.kind = models::Mlp::Kind::moe;
  m.experts = 256;
  m.experts_per_token = 8;
  m.expert_ffn = 2048;
  m.shared_ffn = 2048;
  run.attention = AttentionKernel::fused;
  run.precision = Precision::bf16;
  run.routing = Routing::balanced;
  run.parallelism.ep = 1;
  run.stack.memory.dropout = false;
  return run;
}

LayerActivations layer(const Run& run) { return layer_activations(run, run.model.kinds[0]); }

constexpr double T = 8192;      // Llama's tokens
constexpr double h = 8192;      // and width
constexpr double lse = 4 * 64;  // log-sum-exp, fp32 a head
constexpr double T3 = 4096;     // DeepSeek's tokens
constexpr double h3 = 7168;     // and width

}  // namespace

// Two norm inputs 2 h each, their outputs 2 h each, q 2 h, k and v h/4 each, attention's output 2 h, fc1's output 4
// ffn, SwiGLU's product 2 ffn: 12.5 h + 6 ffn = 12.5 x 8192 + 6 x 28672 a token.
TEST_CASE("grouped queries and a gated MLP are counted by their widths") {
  CHECK(layer(llama()).kept.value() == Approx(T * (12.5 * h + 6 * 28672 + lse)));
}

TEST_CASE("eager SwiGLU keeps the product's factor as well") {
  Run run = llama();
  run.stack.memory.fuses_activation = false;
  CHECK(layer(run).kept.value() == Approx(T * (12.5 * h + 8 * 28672 + lse)));
  run.features.add(Feature::compiled);
  CHECK(layer(run).kept.value() == Approx(T * (12.5 * h + 6 * 28672 + lse)));
}

// FP8 of Transformer Engine: GEMM inputs as FP8 copies (norm outputs 1 h each, fc2's input 1 ffn), attention's output
// in 16 bits for its own backward pass beside the projection's copy.
TEST_CASE("FP8 keeps narrow copies of GEMM inputs") {
  Run run = llama();
  run.precision = Precision::fp8;
  CHECK(layer(run).kept.value() == Approx(T * ((4 + 2 + 2.5 + 3) * h + 5 * 28672 + lse)));
  // Blockwise scales: one fp32 to 128 elements.
  run.precision = Precision::fp8_blockwise;
  const double copy = 1 + 4.0 / 128;
  CHECK(layer(run).kept.value() == Approx(T * ((4 + 2 * copy + 2.5 + 3) * h + (4 + copy) * 28672 + lse)));
}

TEST_CASE("selective recompute drops what its modules name") {
  Run run = llama();
  run.recompute.mode = RecomputeMode::selective;
  run.recompute.modules.add(Module::layernorm);
  CHECK(layer(run).dropped.value() == Approx(T * 4 * h));
  run.recompute.modules.add(Module::activation);
  CHECK(layer(run).dropped.value() == Approx(T * (4 * h + 2 * 28672)));
  run.recompute.modules.add(Module::mlp);
  CHECK(layer(run).dropped.value() == Approx(T * (4 * h + 6 * 28672)));
  // Kept and dropped are all there is.
  const Bytes all = layer(llama()).kept;
  CHECK((layer(run).kept + layer(run).dropped).value() == Approx(all.value()));
}

// Attention: norm 4 h; latents 2 (1536 + 512 + 64) before and 2 (1536 + 512) behind their norms; q and k 128 x 192, v
// and output 128 x 128; MoE: norm 4 h, router 9 bytes an expert, 8 copies of h, fc1's output 4 x 2048 and the product
// 2 x 2048 of each copy and of the shared expert.
TEST_CASE("latent attention and experts are counted by what is stored") {
  const double up = 2 * 128 * (192 + 192 + 128);
  const double attention = 4 * h3 + 2 * (1536 + 512 + 64) + 2 * (1536 + 512) + up + 2 * 128 * 128 + 4 * 128;
  const double experts = 4 * h3 + 9 * 256 + 8 * (2 * h3 + 6 * 2048) + 6 * 2048;
  Run run = latent_experts();
  CHECK(layer(run).kept.value() == Approx(T3 * (attention + experts)));
  run.recompute.mode = RecomputeMode::selective;
  run.recompute.modules.add(Module::mla_up_proj);
  CHECK(layer(run).dropped.value() == Approx(T3 * up));
  run.recompute.modules.add(Module::moe_act);
  CHECK(layer(run).dropped.value() == Approx(T3 * (up + 9 * 2 * 2048)));
}

// Routed rows are spread over ep whatever ep is; unbalanced routing fills the fullest rank by a fifth more.
TEST_CASE("experts' rows follow routing, not ep") {
  Run run = latent_experts();
  const Bytes one = layer(run).kept;
  run.parallelism.ep = 64;
  CHECK(layer(run).kept.value() == Approx(one.value()));
  run.routing = Routing::natural;
  CHECK((layer(run).kept - one).value() == Approx(0.2 * T3 * 8 * (2 * h3 + 6 * 2048)));
}

TEST_CASE("context parallelism divides a layer's activations") {
  Run run = llama();
  const Bytes one = layer(run).kept;
  run.parallelism.cp = 4;
  CHECK(layer(run).kept.value() == Approx(one.value() / 4));
}

TEST_CASE("block recompute lies between none and full, layer by layer") {
  Run run = llama();
  const auto layers = [&] { return memory(run).ranks[0][MemoryTerm::layers].value(); };
  const double none = layers();
  run.recompute.mode = RecomputeMode::full;
  const double full = layers();
  run.recompute.mode = RecomputeMode::block;
  run.recompute.layers = 20;
  CHECK(layers() == Approx(none + (full - none) * 20 / 80));
  run.recompute.layers = 80;
  CHECK(layers() == full);
}

// The bytes that an executed order holds at its peak, stage by stage, are the closed form's where chunks are alike.
TEST_CASE("closed forms hold as many bytes as walked orders") {
  Run run = llama();
  run.parallelism.pp = 8;
  run.batch.global_sequences = 32;
  for (const int vp : {1, 5}) {
    run.parallelism.vp = vp;
    run.parallelism.schedule = vp > 1 ? sim::Schedule::interleaved : sim::Schedule::one_f_one_b;
    const StageLayout layout = stage_layout(run.model, virtual_stages(run.parallelism));
    const std::vector<Bytes> bytes = stage_activations(run, layout);
    const auto& row =
        schedule::schedule(vp > 1 ? schedule::ScheduleId::interleaved : schedule::ScheduleId::one_f_one_b);
    const schedule::Activations walked(row.build({8, vp, 32, 0}));
    const MemoryEstimate e = memory(run);
    for (int r = 0; r < 8; ++r) {
      std::vector<schedule::ChunkActivation> chunks;
      for (int c = 0; c < vp; ++c) {
        chunks.push_back({Bytes{}, bytes[static_cast<std::size_t>(virtual_stage_of(r, c, run.parallelism))]});
      }
      INFO("vp " << vp << " rank " << r);
      CHECK(e.ranks[static_cast<std::size_t>(r)][MemoryTerm::layers].value() ==
            Approx(walked.peak_bytes(r, chunks).value()));
    }
  }
}

// The parts of every rank add up to its total, and each part belongs to one class.
TEST_CASE("classes partition the total") {
  const MemoryEstimate e = memory(latent_experts());
  Bytes sum;
  for (const MemoryClass c : {MemoryClass::weights, MemoryClass::gradients, MemoryClass::optimizer,
                              MemoryClass::activations, MemoryClass::buffers}) {
    sum += e.fullest().of(c);
  }
  CHECK(sum.value() == Approx(e.total().value()));
}

TEST_CASE("memory never shrinks with the micro-batch or grows with recompute") {
  for (const Run& start : {llama(), latent_experts()}) {
    Run run = start;
    run.cluster.gpu.memory = Bytes{1e15};
    Bytes last;
    for (const int micro : {1, 2, 4, 8}) {
      run.batch.micro_sequences = micro;
      run.recompute.mode = RecomputeMode::none;
      const Bytes none = memory(run).total();
      CHECK(none > last);
      last = none;
      run.recompute.mode = RecomputeMode::full;
      CHECK(memory(run).total() < none);
    }
  }
}
