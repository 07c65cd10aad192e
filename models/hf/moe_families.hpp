// SPDX-License-Identifier: Apache-2.0
// Mixtures of experts, from the same sources as the dense architectures.
#pragma once

#include "models/hf/dense_families.hpp"

namespace sextant::models::hf::rows {

inline constexpr Family mixtral = but(mistral, [](Family& f) {
  f.architectures = "MixtralForCausalLM";
  f.model_types = "mixtral";
  f.moe = MoePattern::every_layer;
  f.experts = {"num_local_experts"};
  f.expert_ffn = {"intermediate_size"};
});

inline constexpr Family phimoe = but(mixtral, [](Family& f) {
  f.architectures = "PhiMoEForCausalLM|PhimoeForCausalLM";
  f.model_types = "phimoe";
  f.norm_vectors = 2;
  f.qkv_bias = f.output_bias = {"attention_bias", false};
  f.head_bias = {"lm_head_bias", false};
});

inline constexpr Family olmoe = but(llama, [](Family& f) {
  f.architectures = "OlmoeForCausalLM";
  f.model_types = "olmoe";
  f.mlp_bias = {};
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::full;
  f.moe = MoePattern::every_layer;
  f.experts = {"num_experts"};
  f.expert_ffn = {"intermediate_size"};
});

inline constexpr Family granite_moe = but(llama, [](Family& f) {
  f.architectures = "GraniteMoeForCausalLM";
  f.model_types = "granitemoe";
  f.moe = MoePattern::every_layer;
  f.experts = {"num_local_experts"};
  f.expert_ffn = {"intermediate_size"};
});

inline constexpr Family minimax_m2 = but(llama, [](Family& f) {
  f.architectures = "MiniMaxM2ForCausalLM";
  f.model_types = "minimax_m2";
  f.kv_heads.fallback = required;
  f.mlp_bias = {};
  f.uses_qk_norm = {"use_qk_norm", false};
  f.qk_norm = QkNorm::full;
  f.mtp = {"num_mtp_modules", 0};
  f.moe = MoePattern::every_layer;
  f.experts = {"num_local_experts"};
  f.expert_ffn = {"intermediate_size"};
  f.router_bias = {"use_routing_bias", true};
  f.understood = "mtp_transformer_layers|shared_moe_mode";
  f.adjust = adjust_minimax_m2;
});

inline constexpr Family gpt_oss = but(llama, [](Family& f) {
  f.architectures = "GptOssForCausalLM";
  f.model_types = "gpt_oss";
  f.kv_heads.fallback = 8;
  f.head_dim.fallback = 64;
  f.qkv_bias = f.output_bias = {"attention_bias", true};
  f.mlp_bias = f.router_bias = {"", true};
  f.sinks = true;
  f.moe = MoePattern::every_layer;
  f.experts = {"num_local_experts"};
  f.top_k = {"num_experts_per_tok|experts_per_token"};
  f.expert_ffn = {"intermediate_size"};
  f.windows = WindowPattern::every_other;
});

inline constexpr Family qwen2_moe = but(qwen2, [](Family& f) {
  f.architectures = "Qwen2MoeForCausalLM";
  f.model_types = "qwen2_moe";
  f.moe = MoePattern::sparse_step;
  f.experts = {"num_experts"};
  f.shared_ffn = {"shared_expert_intermediate_size", 5632};
  f.shared_gate = true;
});

inline constexpr Family qwen3_moe = but(qwen3, [](Family& f) {
  f.architectures = "Qwen3MoeForCausalLM|Qwen3VLMoeForConditionalGeneration|Qwen3VLMoeTextModel";
  f.model_types = "qwen3_moe|qwen3_vl_moe_text";
  f.head_dim.fallback = hidden_over_heads;
  f.moe = MoePattern::sparse_step;
  f.experts = {"num_experts"};
});

inline constexpr Family deepseek_moe = but(llama, [](Family& f) {
  f.architectures = "DeepseekForCausalLM";
  f.model_types = "deepseek";
  f.mlp_bias = {};
  f.moe = MoePattern::after_dense;
  f.experts = {"n_routed_experts"};
  f.shared_experts = {"n_shared_experts", 0};
});

inline constexpr Family deepseek_v2 = but(deepseek_moe, [](Family& f) {
  f.architectures = "DeepseekV2ForCausalLM";
  f.model_types = "deepseek_v2";
  f.latent = true;
});

inline constexpr Family deepseek_v3 = but(deepseek_v2, [](Family& f) {
  f.architectures = "DeepseekV3ForCausalLM|KimiK25ForConditionalGeneration";
  f.model_types = "deepseek_v3|kimi_k2";
  f.router_bias = {"", true};
  f.mtp = {"num_nextn_predict_layers", 0};
});

inline constexpr Family deepseek_v32 = but(deepseek_v3, [](Family& f) {
  f.architectures = "DeepseekV32ForCausalLM|GlmMoeDsaForCausalLM";
  f.model_types = "deepseek_v32|glm_moe_dsa";
  f.indexer = true;
});

inline constexpr Family glm4_moe_lite = but(deepseek_v3, [](Family& f) {
  f.architectures = "Glm4MoeLiteForCausalLM";
  f.model_types = "glm4_moe_lite";
});

inline constexpr Family glm4_moe = but(deepseek_moe, [](Family& f) {
  f.architectures = "Glm4MoeForCausalLM";
  f.model_types = "glm4_moe";
  f.kv_heads.fallback = required;
  f.output_bias = {};
  f.uses_qk_norm = {"use_qk_norm", false};
  f.qk_norm = QkNorm::head;
  f.router_bias = {"", true};
  f.mtp = {"num_nextn_predict_layers", 0};
});

inline constexpr Family mimo_v2 = but(deepseek_moe, [](Family& f) {
  f.architectures = "MiMoV2FlashForCausalLM";
  f.model_types = "mimo_v2_flash";
  f.router_bias = {"", true};
  f.understood = "attention_chunk_size|add_full_attention_sink_bias";
  f.adjust = adjust_mimo_v2;
});

inline constexpr Family ernie = but(llama, [](Family& f) {
  f.architectures = "Ernie4_5_MoeForCausalLM|Ernie4_5_MoEForCausalLM";
  f.model_types = "ernie4_5_moe";
  f.qkv_bias = f.output_bias = f.mlp_bias = {"use_bias", false};
  f.tied.fallback = true;
  f.moe = MoePattern::start_end_interval;
  f.experts = {"moe_num_experts"};
  f.top_k = {"moe_k"};
  f.shared_experts = {"moe_num_shared_experts", 0};
  f.router_bias = {"", true};
});

inline constexpr Family llama4 = but(llama, [](Family& f) {
  f.architectures = "Llama4ForConditionalGeneration|Llama4ForCausalLM";
  f.model_types = "llama4_text";
  f.mlp_bias = {};
  f.ffn = {"intermediate_size_mlp"};
  f.moe = MoePattern::interleave;
  f.experts = {"num_local_experts"};
  f.expert_ffn = {"intermediate_size"};
  f.shared_experts = {"", 1};
  f.understood = "use_qk_norm";  // an L2 norm without parameters
  f.windows = WindowPattern::chunks_but_nth;
});

inline constexpr Family hunyuan = but(llama, [](Family& f) {
  f.architectures = "HunYuanMoEV1ForCausalLM";
  f.model_types = "hunyuan|hunyuan_v1_moe";
  f.head_dim = {"attention_head_dim|head_dim", hidden_over_heads};
  f.uses_qk_norm = {"use_qk_norm", false};
  f.qk_norm = QkNorm::head;
  f.moe = MoePattern::every_layer;
  f.experts = {"num_experts"};
  f.top_k = {"moe_topk"};
  f.expert_ffn = {"moe_intermediate_size", same_as_ffn};
  f.adjust = adjust_hunyuan;
});

inline constexpr Family dbrx = but(llama, [](Family& f) {
  f.architectures = "DbrxForCausalLM";
  f.model_types = "dbrx";
  f.layers = {"n_layers"};
  f.hidden = {"d_model"};
  f.heads = {"n_heads"};
  f.kv_heads = {"attn_config.kv_n_heads", 1};
  f.head_dim = {"", hidden_over_heads};
  f.ffn = {};
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
  f.moe = MoePattern::every_layer;
  f.experts = {"ffn_config.moe_num_experts", 4};
  f.top_k = {"ffn_config.moe_top_k", 1};
  f.expert_ffn = {"ffn_config.ffn_hidden_size", 3584};
});

inline constexpr Family grok = but(llama, [](Family& f) {
  f.architectures = "Grok1ForCausalLM|Grok1ModelForCausalLM";
  f.model_types = "grok-1";
  f.layers = {"num_layers|num_hidden_layers"};
  f.hidden = {"emb_size|hidden_size"};
  f.heads = {"num_q_heads|num_attention_heads"};
  f.kv_heads = {"num_kv_heads|num_key_value_heads"};
  f.head_dim = {"key_size", 128};
  f.ffn = {};
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
  f.tied.fallback = true;
  f.norms = 4;
  f.moe = MoePattern::every_layer;
  f.experts = {"num_experts"};
  f.top_k = {"num_selected_experts|num_experts_per_tok"};
  f.expert_ffn = {"", set_by_adjust};
  f.adjust = adjust_grok;
});

}  // namespace sextant::models::hf::rows
