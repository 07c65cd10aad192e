// SPDX-License-Identifier: Apache-2.0
// The table of architectures.
#include "models/hf/family.hpp"

#include <array>

#include "models/hf/dense_families.hpp"
#include "models/hf/moe_families.hpp"

namespace sextant::models::hf {

namespace {

constexpr std::array table{
    // dense
    rows::llama, rows::internlm, rows::smollm3, rows::mistral, rows::qwen2, rows::mimo, rows::qwen3, rows::qwen1,
    rows::baichuan, rows::chatglm, rows::phi3, rows::stablelm, rows::cohere, rows::olmo2, rows::gemma, rows::gemma2,
    rows::gemma3, rows::deci, rows::nemotron, rows::apertus, rows::gpt_neox, rows::phi, rows::starcoder2, rows::gpt2,
    rows::gpt_big_code, rows::gptj, rows::opt, rows::bloom, rows::falcon, rows::mpt,
    // mixtures of experts
    rows::mixtral, rows::phimoe, rows::olmoe, rows::granite_moe, rows::minimax_m2, rows::gpt_oss, rows::qwen2_moe,
    rows::qwen3_moe, rows::deepseek_moe, rows::deepseek_v2, rows::deepseek_v3, rows::deepseek_v32, rows::glm4_moe_lite,
    rows::glm4_moe, rows::mimo_v2, rows::ernie, rows::llama4, rows::hunyuan, rows::dbrx, rows::grok};

const Family* find_in(std::string_view Family::*names, std::string_view wanted) {
  for (const Family& f : table) {
    bool found = false;
    for_each_word(f.*names, [&](std::string_view name) { found = found || name == wanted; });
    if (found) return &f;
  }
  return nullptr;
}

}  // namespace

std::span<const Family> families() { return table; }

const Family* find_family(std::string_view architecture) { return find_in(&Family::architectures, architecture); }

const Family* find_family_of_type(std::string_view model_type) { return find_in(&Family::model_types, model_type); }

}  // namespace sextant::models::hf
