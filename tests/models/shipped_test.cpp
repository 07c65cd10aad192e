// SPDX-License-Identifier: Apache-2.0
// Every shipped model has the parameters its publisher prints.
#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/embedded.hpp"
#include "models/catalogue.hpp"
#include "models/counts.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::models;

namespace {

/// A published total in billions, with the unit of its last printed digit. The count may differ by 0.5 % or by half
/// that unit, whichever is more; `slack` widens it where the comment says why.
struct Published {
  std::string_view id;
  double total;
  double unit;
  double slack = 0.005;
};

constexpr std::array published{
    // arXiv:2401.02954 (titles of the models); arXiv:2405.04434 sections 3.1.2 and B.1; README_WEIGHTS.md of V3
    Published{"deepseek-llm-7b", 7, 1}, Published{"deepseek-llm-67b", 67, 1}, Published{"deepseek-v2", 236, 1},
    Published{"deepseek-v2-lite", 15.7, 0.1}, Published{"deepseek-v3", 671, 1}, Published{"deepseek-r1", 671, 1},
    // README of Kimi-K2: "1 trillion total parameters"; the 1.04 T of arXiv:2507.20534 table 2 count 61 MoE layers
    // (61 x 17.06 B + 2.35 B = 1043 B), but first_k_dense_replace is 1
    Published{"kimi-k2", 1000, 100}, Published{"moonlight-16b-a3b", 16, 1},
    // model cards of Qwen2.5. The 32B's 32.5 B fits no reading of its config.json: Qwen3-32B of the same widths is
    // printed as 32.8 B.
    Published{"qwen2.5-math-1.5b", 1.54, 0.01}, Published{"qwen2.5-math-7b", 7.61, 0.01},
    Published{"qwen2.5-14b", 14.7, 0.1}, Published{"qwen2.5-32b", 32.5, 0.1, 0.01}, Published{"qwen2.5-72b", 72.7, 0.1},
    // Hugging Face's count of the weights: the 1.5B of Qwen with a head of its own, 1.54 B + 151936 x 1536
    Published{"deepseek-r1-distill-qwen-1.5b", 1.78, 0.01},
    // arXiv:2302.13971 table 2; model card of Llama 2 and Hugging Face's counts of its weights; arXiv:2307.09288
    Published{"llama-7b", 6.7, 0.1}, Published{"llama-13b", 13.0, 0.1}, Published{"llama-33b", 32.5, 0.1},
    Published{"llama-65b", 65.2, 0.1}, Published{"llama2-7b", 6.74, 0.01}, Published{"llama2-13b", 13.02, 0.01},
    Published{"llama2-34b", 34, 1}, Published{"llama2-70b", 68.98, 0.01},
    // Hugging Face's counts of Llama 3's weights; arXiv:2407.21783 for 405 B; model cards of Llama 3.2
    Published{"llama3-8b", 8.03, 0.01}, Published{"llama3-70b", 70.6, 0.1}, Published{"llama3.1-8b", 8.03, 0.01},
    Published{"llama3.1-70b", 70.6, 0.1}, Published{"llama3.1-405b", 405, 1}, Published{"llama3.3-70b", 70.6, 0.1},
    Published{"llama3.2-1b", 1.23, 0.01}, Published{"llama3.2-3b", 3.21, 0.01},
    // model card of Llama 4: Scout's 109 B count the vision tower and projector, 1.1 % of it
    Published{"llama4-scout", 109, 1, 0.015}, Published{"llama4-maverick", 400, 1},
    // arXiv:2401.04088 and the announcement of 8x22B; arXiv:2310.06825
    Published{"mixtral-8x7b", 46.7, 0.1}, Published{"mixtral-8x22b", 141, 1}, Published{"mistral-7b", 7.24, 0.01},
    // model cards of Qwen3
    Published{"qwen3-0.6b", 0.6, 0.1}, Published{"qwen3-1.7b", 1.7, 0.1}, Published{"qwen3-4b", 4.0, 0.1},
    Published{"qwen3-8b", 8.2, 0.1}, Published{"qwen3-14b", 14.8, 0.1}, Published{"qwen3-32b", 32.8, 0.1},
    Published{"qwen3-30b-a3b", 30.5, 0.1}, Published{"qwen3-235b-a22b", 235, 1},
    // release notes of GPT-2 (124M, 1558M); arXiv:2005.14165 table 2.1; arXiv:2508.10925 table 1
    Published{"gpt2-124m", 0.124, 0.001}, Published{"gpt2-xl", 1.558, 0.001}, Published{"gpt3-175b", 175.0, 0.1},
    Published{"gpt-oss-20b", 20.91, 0.01}, Published{"gpt-oss-120b", 116.83, 0.01},
    // xai-org/grok-1 README; 314 B is the count without the embedding, 314.9 B, cut short
    Published{"grok1-314b", 314, 1, 0.01},
    // arXiv:2406.11704 table 1: 9.4 B + 331.6 B; arXiv:2402.16819 table 1: 3.2 B (3.15) + 12.5 B
    Published{"nemotron4-340b", 341.0, 0.1}, Published{"nemotron-4-15b", 15.6, 0.1},
    // NVIDIA's recipes print names only; 12 l h^2 + 2 V h = 6.44 + 2.10 and 18.12 + 3.15 B
    Published{"nemotron-8b", 8.54, 0.01}, Published{"nemotron-22b", 21.27, 0.01}, Published{"gpt3-5b", 5, 1},
    Published{"gpt3-20b", 20, 1},
    // arXiv:2104.04473 table 1; arXiv:2205.05198 table 3; arXiv:2201.11990
    Published{"megatron-gpt-1.7b", 1.7, 0.1}, Published{"megatron-gpt-3.6b", 3.6, 0.1},
    Published{"megatron-gpt-7.5b", 7.5, 0.1}, Published{"megatron-gpt-18b", 18.4, 0.1},
    Published{"megatron-gpt-39b", 39.1, 0.1}, Published{"megatron-gpt-76b", 76.1, 0.1},
    Published{"megatron-gpt-145b", 145.6, 0.1}, Published{"megatron-gpt-310b", 310.1, 0.1},
    Published{"megatron-gpt-1t", 1008.0, 0.1}, Published{"megatron-gpt-22b", 22, 1},
    Published{"megatron-gpt-175b", 175, 1}, Published{"megatron-gpt-530b", 530, 1}, Published{"mt-nlg-530b", 530, 1},
    // arXiv:2211.05100 table 3; arXiv:2204.06745 section 2.1; arXiv:2210.02414 (130 B is its name); arXiv:2309.03852
    Published{"bloom-176b", 176.247, 0.001}, Published{"gpt-neox-20b", 20.555, 0.001},
    Published{"glm-130b", 130, 1, 0.011}, Published{"flm-101b", 101, 1, 0.01},
    // model cards of InternLM and TinyLlama; arXiv:2303.17564 table 4; announcement of DBRX; arXiv:2409.02060 table 1
    Published{"internlm-7b", 7.3, 0.1}, Published{"tinyllama-1.1b", 1.1, 0.1}, Published{"bloomberggpt-50b", 50.6, 0.1},
    Published{"dbrx", 132, 1}, Published{"olmoe-1b-7b", 6.9, 0.1},
    // arXiv:2501.00656 and model cards of OLMo 2
    Published{"olmo2-7b", 7.3, 0.1}, Published{"olmo2-13b", 13.7, 0.1}, Published{"olmo2-32b", 32.2, 0.1},
    // llm-foundry's names; Hugging Face's counts of MPT-7B and MPT-30B; its benchmark table for 70B
    Published{"mpt-125m", 0.125, 0.005}, Published{"mpt-350m", 0.35, 0.01}, Published{"mpt-760m", 0.76, 0.01},
    Published{"mpt-1b", 1, 1}, Published{"mpt-3b", 3, 1}, Published{"mpt-7b", 6.65, 0.01}, Published{"mpt-13b", 13, 1},
    Published{"mpt-30b", 29.96, 0.01}, Published{"mpt-70b", 64.86, 0.01},
    // Hugging Face's counts of Phi-1.5, Phi-2, Phi-4 and Phi-3.5-MoE
    Published{"phi-1.5", 1.42, 0.01}, Published{"phi-2", 2.78, 0.01}, Published{"phi-4", 14.7, 0.1},
    Published{"phi-3.5-moe", 41.9, 0.1},
    // arXiv:2403.04652; arXiv:2405.19327; model cards of SmolLM3 and Apertus; ERNIE 4.5 report; arXiv:2412.01152
    Published{"yi-34b", 34.4, 0.1}, Published{"map-neo-7b", 7.8, 0.1}, Published{"smollm3-3b", 3.08, 0.01},
    Published{"apertus-70b", 70.6, 0.1}, Published{"ernie-4.5-300b-a47b", 300, 1},
    Published{"intellect-1-10b", 10.2, 0.1},
    // arXiv:2204.02311 table 1; arXiv:2205.01068 table 1
    Published{"palm-540b", 540.35, 0.01}, Published{"opt-175b", 175, 1}};

const Catalogue& catalogue() {
  static const Catalogue shipped = [] {
    Diagnostics faults;
    return Catalogue::open(embedded_files(), "", faults);
  }();
  return shipped;
}

Model shipped(std::string_view id) {
  Diagnostics faults;
  const std::optional<Model> model = find_model(catalogue(), id, faults);
  INFO(faults.text());
  REQUIRE(model);
  return *model;
}

ParameterCounts counts_of(std::string_view id) { return parameter_counts(shipped(id).spec); }

}  // namespace

TEST_CASE("every shipped model has its published number of parameters") {
  std::set<std::string> with_figure;
  for (const Published& p : published) {
    with_figure.insert(std::string(p.id));
    INFO(p.id);
    const double tolerance = std::max(p.slack * p.total, p.unit / 2);
    CHECK(std::abs(counts_of(p.id).total / 1e9 - p.total) <= tolerance);
  }
  Diagnostics faults;
  for (const ModelEntry& e : list_models(catalogue(), faults)) {
    INFO(e.id);
    CHECK(with_figure.count(e.id) == 1);
  }
  CHECK(faults.empty());
}

TEST_CASE("counts that were published to the last parameter are met to the last parameter") {
  CHECK(counts_of("bloom-176b").total == 176247271424.0);     // model card of bigscience/bloom
  CHECK(counts_of("gpt-neox-20b").total == 20554567680.0);    // arXiv:2204.06745 section 2.1
  CHECK(counts_of("llama2-7b").total == 6738415616.0);        // safetensors of meta-llama/Llama-2-7b-hf
  CHECK(counts_of("llama3-8b").total == 8030261248.0);        // safetensors of meta-llama/Meta-Llama-3-8B
  CHECK(counts_of("mixtral-8x7b").total == 46702792704.0);    // safetensors of mistralai/Mixtral-8x7B-v0.1
  CHECK(counts_of("qwen2.5-math-7b").total == 7615616512.0);  // safetensors of Qwen/Qwen2.5-Math-7B
}

TEST_CASE("counts without embedding and head agree with the cards that print them") {
  const auto near = [](double value_b) { return Approx(value_b * 1e9).epsilon(0.005); };
  // model cards of Qwen2.5 and Qwen3, "Number of Paramaters (Non-Embedding)"
  CHECK(counts_of("qwen2.5-math-1.5b").non_embedding == near(1.31));
  CHECK(counts_of("qwen2.5-math-7b").non_embedding == near(6.53));
  CHECK(counts_of("qwen2.5-72b").non_embedding == near(70.0));
  CHECK(counts_of("qwen3-0.6b").non_embedding == near(0.44));
  CHECK(counts_of("qwen3-8b").non_embedding == near(6.95));
  CHECK(counts_of("qwen3-14b").non_embedding == near(13.2));
  CHECK(counts_of("qwen3-32b").non_embedding == near(31.2));
  CHECK(counts_of("qwen3-30b-a3b").non_embedding == near(29.9));
  CHECK(counts_of("qwen3-235b-a22b").non_embedding == near(234));
  // arXiv:2406.11704 table 1; arXiv:2402.16819 table 1; README of Moonlight
  CHECK(counts_of("nemotron4-340b").non_embedding == near(331.6));
  CHECK(counts_of("nemotron-4-15b").non_embedding == near(12.5));
  CHECK(counts_of("moonlight-16b-a3b").non_embedding == near(15.29));
}

TEST_CASE("active parameters agree with the cards, by the convention of each") {
  const auto near = [](double value_b, double tolerance) { return Approx(value_b * 1e9).epsilon(tolerance); };
  // with embedding and head: announcements of Mixtral and Qwen3, arXiv:2409.02060, model card of Llama 4
  CHECK(counts_of("mixtral-8x7b").active == near(12.9, 0.005));
  CHECK(counts_of("mixtral-8x22b").active == near(39, 0.005));
  CHECK(counts_of("qwen3-30b-a3b").active == near(3.3, 0.02));
  CHECK(counts_of("qwen3-235b-a22b").active == near(22, 0.01));
  CHECK(counts_of("olmoe-1b-7b").active == near(1.3, 0.02));
  CHECK(counts_of("llama4-scout").active == near(17, 0.02));
  CHECK(counts_of("llama4-maverick").active == near(17, 0.02));
  CHECK(counts_of("phi-3.5-moe").active == near(6.6, 0.01));
  // without the lookup, with the head: arXiv:2508.10925 table 1, README_WEIGHTS.md of V3 (36.7 B), ERNIE 4.5 report
  CHECK(counts_of("gpt-oss-20b").active_without_embedding == near(3.61, 0.005));
  CHECK(counts_of("gpt-oss-120b").active_without_embedding == near(5.13, 0.005));
  CHECK(counts_of("deepseek-v3").active_without_embedding == near(36.7, 0.005));
  CHECK(counts_of("ernie-4.5-300b-a47b").active_without_embedding == near(47, 0.005));
  // without both: README of Moonlight
  CHECK(counts_of("moonlight-16b-a3b").active_non_embedding() == near(2.24, 0.005));
  for (const std::string_view id : {"llama3-8b", "gpt2-xl", "nemotron4-340b"}) {
    CHECK(counts_of(id).active == counts_of(id).total);
  }
}

TEST_CASE("the FLOPs of DeepSeek's table are met by the shipped models") {
  // arXiv:2505.09343 table 2, GFLOPs a token at 4,096; its dense rows follow neither convention.
  CHECK(flops_per_token(shipped("deepseek-v2").spec, 4096).value() == Approx(155e9).epsilon(0.01));
  CHECK(flops_per_token(shipped("deepseek-v3").spec, 4096).value() == Approx(250e9).epsilon(0.005));
  // GLM-130B needs 4.0e23 ... for 400 B tokens (arXiv:2210.02414 section 2.3: HFU 43.3 %, MFU 32.5 %): the quotient is
  // 4/3, the forward that full recompute repeats.
  const ModelSpec glm = shipped("glm-130b").spec;
  const double model_flops = flops_per_token(glm, 2048, {.causal = false}).value();
  const double hardware_flops = flops_per_token(glm, 2048, {.causal = false, .recompute = true}).value();
  CHECK(hardware_flops / model_flops == Approx(43.3 / 32.5).epsilon(0.01));
}

TEST_CASE("no shipped model disagrees with its stated count by more than 3 %, and each has a source") {
  Diagnostics faults;
  for (const ModelEntry& e : list_models(catalogue(), faults)) {
    const Model m = shipped(e.id);
    INFO(e.id);
    CHECK(m.sources.count("") == 1);
    CHECK(e.path == std::string(model_folder) + e.id + ".json");
    for (const std::string& note : m.notes) {
      INFO(note);
      CHECK(note.find("the structure has") == std::string::npos);
      CHECK(note.find("is not stated") == std::string::npos);
    }
  }
}
