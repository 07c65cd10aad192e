// SPDX-License-Identifier: Apache-2.0
// Widths of the models whose kernels are measured, from their published config.json files.
#pragma once

#include <array>
#include <string_view>

namespace sextant::profile {

struct ModelShape {
  std::string_view id;  ///< the catalogue's
  int hidden = 0;
  int heads = 0;
  int kv_heads = 0;
  int head_dim = 0;  ///< of queries and keys, rotary part included
  int v_head_dim = 0;
  int ffn = 0;  ///< of dense layers; 0: none
  int vocab = 0;
  int seq = 0;  ///< of pre-training
  int usual_tp = 1;
  int q_lora = 0;  ///< latent attention; 0: none
  int kv_lora = 0;
  int rope_dim = 0;
  int experts = 0;  ///< 0: dense model
  int top_k = 0;
  int expert_ffn = 0;
  int shared_ffn = 0;
  int expert_groups = 0;
  int group_limit = 0;
  std::array<int, 2> expert_parallel{};  ///< degrees at which its expert GEMMs are measured; 0: none
};

inline constexpr std::array<ModelShape, 9> model_shapes{{
    {.id = "deepseek-v3",
     .hidden = 7168,
     .heads = 128,
     .kv_heads = 128,
     .head_dim = 192,
     .v_head_dim = 128,
     .ffn = 18432,
     .vocab = 129280,
     .seq = 4096,
     .usual_tp = 1,
     .q_lora = 1536,
     .kv_lora = 512,
     .rope_dim = 64,
     .experts = 256,
     .top_k = 8,
     .expert_ffn = 2048,
     .shared_ffn = 2048,
     .expert_groups = 8,
     .group_limit = 4,
     .expert_parallel = {64, 32}},
    {.id = "deepseek-v2",
     .hidden = 5120,
     .heads = 128,
     .kv_heads = 128,
     .head_dim = 192,
     .v_head_dim = 128,
     .ffn = 12288,
     .vocab = 102400,
     .seq = 4096,
     .usual_tp = 1,
     .q_lora = 1536,
     .kv_lora = 512,
     .rope_dim = 64,
     .experts = 160,
     .top_k = 6,
     .expert_ffn = 1536,
     .shared_ffn = 3072,
     .expert_groups = 8,
     .group_limit = 3,
     .expert_parallel = {8, 40}},
    {.id = "mixtral-8x7b",
     .hidden = 4096,
     .heads = 32,
     .kv_heads = 8,
     .head_dim = 128,
     .v_head_dim = 128,
     .vocab = 32000,
     .seq = 4096,
     .usual_tp = 2,
     .experts = 8,
     .top_k = 2,
     .expert_ffn = 14336,
     .expert_parallel = {8, 1}},
    {.id = "mixtral-8x22b",
     .hidden = 6144,
     .heads = 48,
     .kv_heads = 8,
     .head_dim = 128,
     .v_head_dim = 128,
     .vocab = 32768,
     .seq = 4096,
     .usual_tp = 2,
     .experts = 8,
     .top_k = 2,
     .expert_ffn = 16384,
     .expert_parallel = {8, 2}},
    {.id = "qwen3-30b-a3b",
     .hidden = 2048,
     .heads = 32,
     .kv_heads = 4,
     .head_dim = 128,
     .v_head_dim = 128,
     .vocab = 151936,
     .seq = 4096,
     .usual_tp = 1,
     .experts = 128,
     .top_k = 8,
     .expert_ffn = 768,
     .expert_parallel = {8, 1}},
    {.id = "qwen3-235b-a22b",
     .hidden = 4096,
     .heads = 64,
     .kv_heads = 4,
     .head_dim = 128,
     .v_head_dim = 128,
     .vocab = 151936,
     .seq = 4096,
     .usual_tp = 2,
     .experts = 128,
     .top_k = 8,
     .expert_ffn = 1536,
     .expert_parallel = {32, 8}},
    {.id = "llama-3-8b",
     .hidden = 4096,
     .heads = 32,
     .kv_heads = 8,
     .head_dim = 128,
     .v_head_dim = 128,
     .ffn = 14336,
     .vocab = 128256,
     .seq = 8192,
     .usual_tp = 1},
    {.id = "llama-3-70b",
     .hidden = 8192,
     .heads = 64,
     .kv_heads = 8,
     .head_dim = 128,
     .v_head_dim = 128,
     .ffn = 28672,
     .vocab = 128256,
     .seq = 8192,
     .usual_tp = 4},
    {.id = "llama-3-405b",
     .hidden = 16384,
     .heads = 128,
     .kv_heads = 8,
     .head_dim = 128,
     .v_head_dim = 128,
     .ffn = 53248,
     .vocab = 128256,
     .seq = 8192,
     .usual_tp = 8},
}};

}  // namespace sextant::profile
