// SPDX-License-Identifier: Apache-2.0
#include "models/counts.hpp"

#include <fmt/format.h>

#include "models/native.hpp"
#include "tests/models/read.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::models;

namespace {

constexpr std::string_view deepseek_v3 = R"({"name": "deepseek-v3", "kind": "moe", "layers": 61, "hidden": 7168,
  "vocab": 129280, "tied_embeddings": false, "attention": "mla", "heads": 128,
  "mla": {"q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128},
  "ffn": 18432, "gated_ffn": true, "experts": 256, "experts_per_token": 8, "expert_ffn": 2048, "shared_experts": 1,
  "dense_layers": 3, "mtp_layers": 1})";

ModelSpec llama31_405b() {
  return model_of(R"({"name": "llama3.1-405b", "layers": 126, "hidden": 16384, "heads": 128, "kv_heads": 8,
    "ffn": 53248, "gated_ffn": true, "vocab": 128256, "tied_embeddings": false})")
      .spec;
}

ModelSpec gpt(int layers, int hidden, int heads) {
  return model_of(fmt::format(R"({{"name": "gpt", "layers": {}, "hidden": {}, "heads": {}, "ffn": {},
    "gated_ffn": false, "vocab": 51200, "tied_embeddings": true}})",
                              layers, hidden, heads, 4 * hidden))
      .spec;
}

}  // namespace

TEST_CASE("DeepSeek-V3 has the parameters its weight file's README prints") {
  // README_WEIGHTS.md of deepseek-ai/DeepSeek-V3: main model 671 B; MTP module 11.5 B of its own, beside the shared
  // 0.9 B embedding and 0.9 B head. Technical report (arXiv:2412.19437): 37 B activated.
  const ParameterCounts c = parameter_counts(model_of(deepseek_v3).spec);
  CHECK(c.total == Approx(671e9).epsilon(0.005));
  CHECK(c.active == Approx(37e9).epsilon(0.02));
  CHECK(c.mtp == Approx(11.5e9).epsilon(0.01));  // 11.61
  CHECK(c.embedding == Approx(0.9e9).epsilon(0.05));
  CHECK(c.head == Approx(0.9e9).epsilon(0.05));
}

TEST_CASE("latent attention has the projections of DeepSeek's paper, counted by hand") {
  const ModelSpec m = model_of(deepseek_v3).spec;
  const LayerParameters p = parameters(m, m.layer(0));
  // q_a 7168 x 1536, q_b 1536 x 128 x 192, kv_a 7168 x (512 + 64), kv_b 512 x 128 x (128 + 128), o 128 x 128 x 7168
  CHECK(p.attention == 11010048.0 + 37748736.0 + 4128768.0 + 16777216.0 + 117440512.0);
  // two norms of 7168, one on each latent: 1536 and 512
  CHECK(p.norms == 2 * 7168.0 + 1536.0 + 512.0);
  CHECK(p.mlp == 3 * 7168.0 * 18432.0);
  const LayerParameters moe = parameters(m, m.layer(60));
  CHECK(moe.experts == 256 * 3 * 7168.0 * 2048.0);
  CHECK(moe.active_experts == 8 * 3 * 7168.0 * 2048.0);
  CHECK(moe.router == 7168.0 * 256.0);
}

TEST_CASE("a step of training costs the FLOPs publishers print") {
  // arXiv:2505.09343 table 2: 250 GFLOPs a token for DeepSeek-V3 at 4,096. Its table 4 agrees with itself: 385 TFLOP/s
  // (causal) and 432 TFLOP/s (non-causal) over 1,541.7 tokens/s/GPU are 249.7 and 280.2. The MTP module is not counted.
  const ModelSpec v3 = model_of(deepseek_v3).spec;
  CHECK(flops_per_token(v3, 4096).value() == Approx(250e9).epsilon(0.005));
  CHECK(flops_per_token(v3, 4096, {.causal = false}).value() == Approx(280.2e9).epsilon(0.005));
  // The module adds one of the 58 MoE layers' FLOPs, its projection and another pass of the head: 6 x (0.64 + 0.10 +
  // 0.93) B = 10 GFLOPs, less the few dense layers' difference.
  CHECK(flops_per_token(v3, 4096, {.mtp = true}).value() - flops_per_token(v3, 4096).value() ==
        Approx(10e9).epsilon(0.05));
  // Llama 3 (arXiv:2407.21783 section 3.1): 3.8e25 FLOPs for 15.6 T tokens of the 405 B model, by 6 N.
  CHECK(six_n_flops_per_token(llama31_405b()).value() * 15.6e12 == Approx(3.8e25).epsilon(0.01));
}

TEST_CASE("GPT FLOPs follow the formulas of the Megatron papers") {
  // arXiv:2205.05198 section 5.3: model FLOPs of an iteration are 72 B L s h^2 (1 + s/6h + v/12hL), the full square of
  // attention counted; arXiv:2104.04473 equation 3: with every layer recomputed 96 B s l h^2 (1 + s/6h + V/16lh).
  // Here for one token, B s = 1.
  const int seq = 2048;
  for (const auto& [layers, hidden, heads] :
       {std::tuple{48, 6144, 64}, {96, 12288, 96}, {105, 20480, 128}, {128, 25600, 160}}) {
    const ModelSpec m = gpt(layers, hidden, heads);
    const double l = layers;
    const double h = hidden;
    const double model_flops = 72 * l * h * h * (1 + seq / (6 * h) + 51200 / (12 * h * l));
    const double hardware_flops = 96 * l * h * h * (1 + seq / (6 * h) + 51200 / (16 * h * l));
    CHECK(flops_per_token(m, seq, {.causal = false}).value() == Approx(model_flops).epsilon(1e-9));
    CHECK(flops_per_token(m, seq, {.causal = false, .recompute = true}).value() ==
          Approx(hardware_flops).epsilon(1e-9));
  }
}

TEST_CASE("the GPTs of Korthikanti et al. have the sizes their names say") {
  // arXiv:2205.05198 table 3; arXiv:2104.04473 equation 2 counts 12 l h^2 (1 + 13/12h + (V + s)/12lh): 1008 B for 1T.
  CHECK(parameter_counts(gpt(48, 6144, 64)).total == Approx(22e9).epsilon(0.01));
  CHECK(parameter_counts(gpt(96, 12288, 96)).total == Approx(174.6e9).epsilon(0.005));
  CHECK(parameter_counts(gpt(105, 20480, 128)).total == Approx(529.6e9).epsilon(0.005));
  CHECK(parameter_counts(gpt(128, 25600, 160)).total == Approx(1008e9).epsilon(0.005));
}

TEST_CASE("the key-value cache of a token is what arXiv:2505.09343 table 1 prints") {
  CHECK(kv_cache_per_token(model_of(deepseek_v3).spec).value() == 70272.0);
  CHECK(kv_cache_per_token(llama31_405b()).value() == 516096.0);
  CHECK(kv_cache_per_token(model_of(R"({"name": "qwen2.5-72b", "layers": 80, "hidden": 8192, "heads": 64,
    "kv_heads": 8, "ffn": 29568, "gated_ffn": true, "vocab": 152064, "tied_embeddings": false})")
                               .spec)
            .value() == 327680.0);
}

TEST_CASE("a sliding window caps the keys a query sees") {
  // 36 layers, every second windowed to 128 keys of 4,096: 18 x 2048 + 18 x (128 - 128^2 / 8192) keys on average.
  const std::string_view oss = R"({"name": "oss", "layers": 36, "hidden": 2880, "heads": 64, "kv_heads": 8,
    "head_dim": 64, "ffn": 2880, "gated_ffn": true, "vocab": 201088, "tied_embeddings": false%})";
  const auto with = [&](std::string_view more) {
    std::string text(oss);
    return model_of(text.replace(text.find('%'), 1, more)).spec;
  };
  const ModelSpec full = with("");
  const ModelSpec windowed = with(R"(, "sliding_window": 128, "sliding_window_every": 2)");
  const double per_key = 3 * 2.0 * 64 * 128;  // forward and backward of score and value, 64 heads of 64
  const double saved = flops_per_token(full, 4096).value() - flops_per_token(windowed, 4096).value();
  CHECK(saved == Approx(per_key * 18 * (2048 - (128 - 128.0 * 128.0 / 8192))));
  CHECK(windowed.layer(0).attention.window == 128);
  CHECK(windowed.layer(1).attention.window == 0);
  CHECK(flops_per_token(full, 128) == flops_per_token(windowed, 128));
  CHECK(flops_per_token(full, 4096, {.causal = false}) == flops_per_token(windowed, 4096, {.causal = false}));
}

TEST_CASE("a tied head costs FLOPs and no parameters") {
  const std::string_view form = R"({"name": "m", "layers": 2, "hidden": 64, "heads": 4, "ffn": 128, "gated_ffn": true,
    "vocab": 1000, "tied_embeddings": %})";
  const auto tied = [&](std::string_view value) {
    std::string text(form);
    return model_of(text.replace(text.find('%'), 1, value)).spec;
  };
  CHECK(flops_per_token(tied("true"), 64) == flops_per_token(tied("false"), 64));
  const ParameterCounts one = parameter_counts(tied("true"));
  const ParameterCounts two = parameter_counts(tied("false"));
  CHECK(two.total - one.total == 64000.0);
  CHECK(one.active_without_embedding == two.active_without_embedding);
  CHECK(one.non_embedding == two.non_embedding);
}
