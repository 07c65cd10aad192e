// SPDX-License-Identifier: Apache-2.0
// Dense architectures. Each row starts from a relative and says what differs; the sources are the class's
// configuration_*.py and modeling_*.py in Transformers, or in the model's own repository where it is not merged.
#pragma once

#include "models/hf/adjust.hpp"
#include "models/hf/family.hpp"

namespace sextant::models::hf::rows {

template <class Change>
constexpr Family but(Family f, Change change) {
  f.understood = {};
  f.adjust = nullptr;
  change(f);
  return f;
}

inline constexpr Family llama{.architectures = "LlamaForCausalLM|LlavaLlamaForCausalLM|AquilaForCausalLM|YiForCausalLM",
                              .model_types = "llama"};

inline constexpr Family internlm = but(llama, [](Family& f) {
  f.architectures = "InternLMForCausalLM|InternLM2ForCausalLM";
  f.model_types = "internlm|internlm2";
  f.qkv_bias = f.output_bias = {"bias", true};
  f.mlp_bias = {};
});

inline constexpr Family smollm3 = but(llama, [](Family& f) {
  f.architectures = "SmolLM3ForCausalLM";
  f.model_types = "smollm3";
  f.kv_heads.fallback = 4;
  f.tied.fallback = true;
  f.understood = "no_rope_layers|no_rope_layer_interval";
  f.windows = WindowPattern::behind_layer;
});

inline constexpr Family mistral = but(llama, [](Family& f) {
  f.architectures = "MistralForCausalLM";
  f.model_types = "mistral";
  f.kv_heads.fallback = 8;
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
  f.windows = WindowPattern::every_layer;
});

// ---- gated dense models ----------------------------------------------------------------------------------------

inline constexpr Family qwen2 = but(llama, [](Family& f) {
  f.architectures = "Qwen2ForCausalLM|Qwen2VLForConditionalGeneration|Qwen2_5_VLForConditionalGeneration";
  f.model_types = "qwen2|qwen2_vl_text|qwen2_5_vl_text";
  f.kv_heads.fallback = required;
  f.qkv_bias = {"", true};
  f.output_bias = f.mlp_bias = {};
  f.windows = WindowPattern::behind_layer;
});

inline constexpr Family mimo = but(qwen2, [](Family& f) {
  f.architectures = "MiMoForCausalLM";
  f.model_types = "mimo";
  f.qkv_bias = {"attention_bias", true};
  f.mtp = {"num_nextn_predict_layers", 0};
});

inline constexpr Family qwen3 = but(llama, [](Family& f) {
  f.architectures = "Qwen3ForCausalLM|Qwen3VLForConditionalGeneration";
  f.model_types = "qwen3|qwen3_vl_text";
  f.kv_heads.fallback = required;
  f.head_dim.fallback = 128;
  f.mlp_bias = {};
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::head;
  f.windows = WindowPattern::behind_layer;
});

inline constexpr Family qwen1 = but(llama, [](Family& f) {
  f.architectures = "QWenLMHeadModel";
  f.model_types = "qwen";
  f.kv_heads = {"", same_as_heads};
  f.head_dim = {"kv_channels", 128};
  f.qkv_bias = {"", true};
  f.output_bias = f.mlp_bias = {};
  f.understood = "no_bias";
  f.adjust = adjust_qwen1;
});

inline constexpr Family baichuan = but(llama, [](Family& f) {
  f.architectures = "BaichuanForCausalLM|BaiChuanForCausalLM";
  f.model_types = "baichuan";
  f.kv_heads = {"", same_as_heads};
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
});

inline constexpr Family chatglm = but(llama, [](Family& f) {
  f.architectures = "ChatGLMModel|ChatGLMForConditionalGeneration";
  f.model_types = "chatglm";
  f.layers = {"num_layers|num_hidden_layers"};
  f.kv_heads = {"multi_query_group_num", same_as_heads};
  f.head_dim = {"kv_channels", hidden_over_heads};
  f.ffn = {"ffn_hidden_size"};
  f.vocab = {"padded_vocab_size|vocab_size"};
  f.qkv_bias = f.output_bias = f.mlp_bias = {"add_bias_linear", false};
  f.understood = "multi_query_attention|rmsnorm|post_layer_norm";
  f.adjust = adjust_chatglm;
});

inline constexpr Family phi3 = but(llama, [](Family& f) {
  f.architectures = "Phi3ForCausalLM";
  f.model_types = "phi3";
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
  f.understood = "attention_bias";
  f.windows = WindowPattern::every_layer;
});

inline constexpr Family stablelm = but(llama, [](Family& f) {
  f.architectures = "StableLmForCausalLM|StableLMEpochForCausalLM";
  f.model_types = "stablelm";
  f.kv_heads.fallback = required;
  f.norm_vectors = 2;
  f.qkv_bias = {"use_qkv_bias", false};
  f.output_bias = f.mlp_bias = {};
});

inline constexpr Family cohere = but(llama, [](Family& f) {
  f.architectures = "CohereForCausalLM";
  f.model_types = "cohere";
  f.mlp_bias = {};
  f.tied.fallback = true;
  f.uses_qk_norm = {"use_qk_norm", false};
  f.qk_norm = QkNorm::full;  // CohereLayerNorm over (heads, head_dim)
  f.norms = 1;               // attention and MLP in parallel
});

inline constexpr Family olmo2 = but(llama, [](Family& f) {
  f.architectures = "Olmo2ForCausalLM|Olmo3ForCausalLM";
  f.model_types = "olmo2|olmo3";
  f.mlp_bias = {};
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::full;
  f.windows = WindowPattern::none;  // Olmo 3 lists layer_types
});

inline constexpr Family gemma = but(llama, [](Family& f) {
  f.architectures = "GemmaForCausalLM";
  f.model_types = "gemma";
  f.head_dim.fallback = 256;
  f.kv_heads.fallback = required;
  f.mlp_bias = {};
  f.tied.fallback = true;
});

inline constexpr Family gemma2 = but(gemma, [](Family& f) {
  f.architectures = "Gemma2ForCausalLM";
  f.model_types = "gemma2";
  f.norms = 4;
  f.windows = WindowPattern::every_other;
});

inline constexpr Family gemma3 = but(gemma2, [](Family& f) {
  f.architectures = "Gemma3ForCausalLM|Gemma3ForConditionalGeneration";
  f.model_types = "gemma3|gemma3_text";
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::head;
  f.windows = WindowPattern::all_but_nth;
  f.vocab.fallback = 262208;  // the released files of the multimodal sizes leave these three out
  f.heads.fallback = 8;
  f.kv_heads.fallback = 4;
});

inline constexpr Family deci = but(llama, [](Family& f) {
  f.architectures = "DeciLMForCausalLM";
  f.model_types = "nemotron-nas";
  f.kv_heads = {"", same_as_heads};
  f.ffn = {"", set_by_adjust};
  f.understood = "block_configs|intermediate_size|num_key_value_heads";
  f.adjust = adjust_deci;
});

// ---- dense models with two matrices in the MLP -------------------------------------------------------------------

inline constexpr Family nemotron = but(llama, [](Family& f) {
  f.architectures = "NemotronForCausalLM";
  f.model_types = "nemotron";
  f.head_dim = {"head_dim|kv_channels", hidden_over_heads};
  f.gated = false;
  f.norm_vectors = 2;
});

inline constexpr Family apertus = but(llama, [](Family& f) {
  f.architectures = "ApertusForCausalLM";
  f.model_types = "apertus";
  f.gated = false;
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::head;
});

inline constexpr Family gpt_neox = but(llama, [](Family& f) {
  f.architectures = "GPTNeoXForCausalLM";
  f.model_types = "gpt_neox";
  f.kv_heads = {"", same_as_heads};
  f.gated = false;
  f.norm_vectors = 2;
  f.qkv_bias = f.output_bias = {"attention_bias", true};
  f.mlp_bias = {"", true};
});

inline constexpr Family phi = but(gpt_neox, [](Family& f) {
  f.architectures = "PhiForCausalLM";
  f.model_types = "phi";
  f.kv_heads = {"num_key_value_heads", same_as_heads};
  f.qkv_bias = f.output_bias = f.head_bias = {"", true};
  f.uses_qk_norm = {"qk_layernorm", false};
  f.qk_norm = QkNorm::head;
  f.norms = 1;  // attention and MLP in parallel
});

inline constexpr Family starcoder2 = but(gpt_neox, [](Family& f) {
  f.architectures = "Starcoder2ForCausalLM";
  f.model_types = "starcoder2";
  f.kv_heads = {"num_key_value_heads", 2};
  f.qkv_bias = f.output_bias = f.mlp_bias = {"use_bias", true};
  f.tied.fallback = true;
  f.windows = WindowPattern::every_layer;
});

inline constexpr Family gpt2 = but(gpt_neox, [](Family& f) {
  f.architectures = "GPT2LMHeadModel";
  f.model_types = "gpt2";
  f.layers = {"n_layer"};
  f.hidden = {"n_embd"};
  f.heads = {"n_head"};
  f.head_dim = {"", hidden_over_heads};
  f.ffn = {"n_inner", four_hidden};
  f.learned_positions = {"n_positions"};
  f.qkv_bias = f.output_bias = {"", true};
  f.tied.fallback = true;
  f.understood = "n_ctx";
});

inline constexpr Family gpt_big_code = but(gpt2, [](Family& f) {
  f.architectures = "GPTBigCodeForCausalLM";
  f.model_types = "gpt_bigcode";
  f.adjust = adjust_gpt_big_code;
});

inline constexpr Family gptj = but(gpt2, [](Family& f) {
  f.architectures = "GPTJForCausalLM|CodeGenForCausalLM";
  f.model_types = "gptj|codegen";
  f.learned_positions = {"", 0};
  f.qkv_bias = f.output_bias = {};
  f.head_bias = {"", true};
  f.tied.fallback = false;
  f.norms = 1;
  f.understood = "n_ctx|n_positions|rotary_dim|rotary";
});

inline constexpr Family opt = but(gpt_neox, [](Family& f) {
  f.architectures = "OPTForCausalLM";
  f.model_types = "opt";
  f.head_dim = {"", hidden_over_heads};
  f.ffn = {"ffn_dim"};
  f.learned_positions = {"max_position_embeddings"};
  f.qkv_bias = f.output_bias = f.mlp_bias = {"enable_bias", true};
  f.tied.fallback = true;
  f.adjust = adjust_opt;
});

inline constexpr Family bloom = but(gpt_neox, [](Family& f) {
  f.architectures = "BloomForCausalLM";
  f.model_types = "bloom";
  f.layers = {"n_layer|num_hidden_layers"};
  f.hidden = {"hidden_size|n_embed"};
  f.heads = {"n_head|num_attention_heads"};
  f.head_dim = {"", hidden_over_heads};
  f.ffn = {"n_inner", four_hidden};
  f.qkv_bias = f.output_bias = {"", true};
  f.tied.fallback = true;
  f.embedding_norm = true;
});

inline constexpr Family falcon = but(gpt_neox, [](Family& f) {
  f.architectures = "FalconForCausalLM|RWForCausalLM";
  f.model_types = "falcon|RefinedWeb|RefinedWebModel";
  f.layers = {"num_hidden_layers|n_layer"};
  f.heads = {"num_attention_heads|n_head"};
  f.head_dim = {"", hidden_over_heads};
  f.ffn = {"ffn_hidden_size", four_hidden};
  f.qkv_bias = f.output_bias = f.mlp_bias = {"bias", false};
  f.tied.fallback = true;
  f.adjust = adjust_falcon;
});

inline constexpr Family mpt = but(llama, [](Family& f) {
  f.architectures = "MPTForCausalLM|MptForCausalLM";
  f.model_types = "mpt";
  f.layers = {"n_layers"};
  f.hidden = {"d_model"};
  f.heads = {"n_heads"};
  f.kv_heads = {"attn_config.kv_n_heads", same_as_heads};
  f.head_dim = {"", hidden_over_heads};
  f.ffn = {"", set_by_adjust};
  f.gated = false;
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
  f.tied.fallback = true;
  f.adjust = adjust_mpt;
});

}  // namespace sextant::models::hf::rows
