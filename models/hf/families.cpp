// SPDX-License-Identifier: Apache-2.0
// The table of architectures. Each row starts from a relative and says what differs; the sources are the class's
// configuration_*.py and modeling_*.py in Transformers, or in the model's own repository where it is not merged.
#include <array>

#include "models/hf/adjust.hpp"
#include "models/hf/family.hpp"

namespace sextant::models::hf {

namespace {

template <class Change>
constexpr Family but(Family f, Change change) {
  f.understood = {};
  f.adjust = nullptr;
  change(f);
  return f;
}

constexpr Family llama{.architectures =
                           "LlamaForCausalLM|LlavaLlamaForCausalLM|InternLMForCausalLM|AquilaForCausalLM|"
                           "YiForCausalLM|SmolLM3ForCausalLM",
                       .model_types = "llama"};

constexpr Family internlm = but(llama, [](Family& f) {
  f.architectures = "InternLMForCausalLM|InternLM2ForCausalLM";
  f.model_types = "internlm|internlm2";
  f.qkv_bias = f.output_bias = {"bias", true};
  f.mlp_bias = {};
});

constexpr Family smollm3 = but(llama, [](Family& f) {
  f.architectures = "SmolLM3ForCausalLM";
  f.model_types = "smollm3";
  f.kv_heads.fallback = 4;
  f.tied.fallback = true;
  f.understood = "no_rope_layers|no_rope_layer_interval";
  f.windows = WindowPattern::behind_layer;
});

constexpr Family mistral = but(llama, [](Family& f) {
  f.architectures = "MistralForCausalLM";
  f.model_types = "mistral";
  f.kv_heads.fallback = 8;
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
  f.windows = WindowPattern::every_layer;
});

// ---- gated dense models ----------------------------------------------------------------------------------------

constexpr Family qwen2 = but(llama, [](Family& f) {
  f.architectures = "Qwen2ForCausalLM|Qwen2VLForConditionalGeneration|Qwen2_5_VLForConditionalGeneration";
  f.model_types = "qwen2|qwen2_vl_text|qwen2_5_vl_text";
  f.kv_heads.fallback = required;
  f.qkv_bias = {"", true};
  f.output_bias = f.mlp_bias = {};
  f.windows = WindowPattern::behind_layer;
});

constexpr Family mimo = but(qwen2, [](Family& f) {
  f.architectures = "MiMoForCausalLM";
  f.model_types = "mimo";
  f.qkv_bias = {"attention_bias", true};
  f.mtp = {"num_nextn_predict_layers", 0};
});

constexpr Family qwen3 = but(llama, [](Family& f) {
  f.architectures = "Qwen3ForCausalLM|Qwen3VLForConditionalGeneration";
  f.model_types = "qwen3|qwen3_vl_text";
  f.kv_heads.fallback = required;
  f.head_dim.fallback = 128;
  f.mlp_bias = {};
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::head;
  f.windows = WindowPattern::behind_layer;
});

constexpr Family qwen1 = but(llama, [](Family& f) {
  f.architectures = "QWenLMHeadModel";
  f.model_types = "qwen";
  f.kv_heads = {"", same_as_heads};
  f.head_dim = {"kv_channels", 128};
  f.qkv_bias = {"", true};
  f.output_bias = f.mlp_bias = {};
  f.understood = "no_bias";
  f.adjust = adjust_qwen1;
});

constexpr Family baichuan = but(llama, [](Family& f) {
  f.architectures = "BaichuanForCausalLM|BaiChuanForCausalLM";
  f.model_types = "baichuan";
  f.kv_heads = {"", same_as_heads};
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
});

constexpr Family chatglm = but(llama, [](Family& f) {
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

constexpr Family phi3 = but(llama, [](Family& f) {
  f.architectures = "Phi3ForCausalLM";
  f.model_types = "phi3";
  f.qkv_bias = f.output_bias = f.mlp_bias = {};
  f.understood = "attention_bias";
  f.windows = WindowPattern::every_layer;
});

constexpr Family stablelm = but(llama, [](Family& f) {
  f.architectures = "StableLmForCausalLM|StableLMEpochForCausalLM";
  f.model_types = "stablelm";
  f.kv_heads.fallback = required;
  f.norm_vectors = 2;
  f.qkv_bias = {"use_qkv_bias", false};
  f.output_bias = f.mlp_bias = {};
});

constexpr Family cohere = but(llama, [](Family& f) {
  f.architectures = "CohereForCausalLM";
  f.model_types = "cohere";
  f.mlp_bias = {};
  f.tied.fallback = true;
  f.uses_qk_norm = {"use_qk_norm", false};
  f.qk_norm = QkNorm::full;  // CohereLayerNorm over (heads, head_dim)
  f.norms = 1;               // attention and MLP in parallel
});

constexpr Family olmo2 = but(llama, [](Family& f) {
  f.architectures = "Olmo2ForCausalLM|Olmo3ForCausalLM";
  f.model_types = "olmo2|olmo3";
  f.mlp_bias = {};
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::full;
  f.windows = WindowPattern::none;  // Olmo 3 lists layer_types
});

constexpr Family gemma = but(llama, [](Family& f) {
  f.architectures = "GemmaForCausalLM";
  f.model_types = "gemma";
  f.head_dim.fallback = 256;
  f.kv_heads.fallback = required;
  f.mlp_bias = {};
  f.tied.fallback = true;
});

constexpr Family gemma2 = but(gemma, [](Family& f) {
  f.architectures = "Gemma2ForCausalLM";
  f.model_types = "gemma2";
  f.norms = 4;
  f.windows = WindowPattern::every_other;
});

constexpr Family gemma3 = but(gemma2, [](Family& f) {
  f.architectures = "Gemma3ForCausalLM|Gemma3ForConditionalGeneration";
  f.model_types = "gemma3|gemma3_text";
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::head;
  f.windows = WindowPattern::all_but_nth;
  f.vocab.fallback = 262208;  // the released files of the multimodal sizes leave these three out
  f.heads.fallback = 8;
  f.kv_heads.fallback = 4;
});

constexpr Family deci = but(llama, [](Family& f) {
  f.architectures = "DeciLMForCausalLM";
  f.model_types = "nemotron-nas";
  f.kv_heads = {"", same_as_heads};
  f.ffn = {"", set_by_adjust};
  f.understood = "block_configs|intermediate_size|num_key_value_heads";
  f.adjust = adjust_deci;
});

// ---- dense models with two matrices in the MLP -------------------------------------------------------------------

constexpr Family nemotron = but(llama, [](Family& f) {
  f.architectures = "NemotronForCausalLM";
  f.model_types = "nemotron";
  f.head_dim = {"head_dim|kv_channels", hidden_over_heads};
  f.gated = false;
  f.norm_vectors = 2;
});

constexpr Family apertus = but(llama, [](Family& f) {
  f.architectures = "ApertusForCausalLM";
  f.model_types = "apertus";
  f.gated = false;
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::head;
});

constexpr Family gpt_neox = but(llama, [](Family& f) {
  f.architectures = "GPTNeoXForCausalLM";
  f.model_types = "gpt_neox";
  f.kv_heads = {"", same_as_heads};
  f.gated = false;
  f.norm_vectors = 2;
  f.qkv_bias = f.output_bias = {"attention_bias", true};
  f.mlp_bias = {"", true};
});

constexpr Family phi = but(gpt_neox, [](Family& f) {
  f.architectures = "PhiForCausalLM";
  f.model_types = "phi";
  f.kv_heads = {"num_key_value_heads", same_as_heads};
  f.qkv_bias = f.output_bias = f.head_bias = {"", true};
  f.uses_qk_norm = {"qk_layernorm", false};
  f.qk_norm = QkNorm::head;
  f.norms = 1;  // attention and MLP in parallel
});

constexpr Family starcoder2 = but(gpt_neox, [](Family& f) {
  f.architectures = "Starcoder2ForCausalLM";
  f.model_types = "starcoder2";
  f.kv_heads = {"num_key_value_heads", 2};
  f.qkv_bias = f.output_bias = f.mlp_bias = {"use_bias", true};
  f.tied.fallback = true;
  f.windows = WindowPattern::every_layer;
});

constexpr Family gpt2 = but(gpt_neox, [](Family& f) {
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

constexpr Family gpt_big_code = but(gpt2, [](Family& f) {
  f.architectures = "GPTBigCodeForCausalLM";
  f.model_types = "gpt_bigcode";
  f.adjust = adjust_gpt_big_code;
});

constexpr Family gptj = but(gpt2, [](Family& f) {
  f.architectures = "GPTJForCausalLM|CodeGenForCausalLM";
  f.model_types = "gptj|codegen";
  f.learned_positions = {"", 0};
  f.qkv_bias = f.output_bias = {};
  f.head_bias = {"", true};
  f.tied.fallback = false;
  f.norms = 1;
  f.understood = "n_ctx|n_positions|rotary_dim|rotary";
});

constexpr Family opt = but(gpt_neox, [](Family& f) {
  f.architectures = "OPTForCausalLM";
  f.model_types = "opt";
  f.head_dim = {"", hidden_over_heads};
  f.ffn = {"ffn_dim"};
  f.learned_positions = {"max_position_embeddings"};
  f.qkv_bias = f.output_bias = f.mlp_bias = {"enable_bias", true};
  f.tied.fallback = true;
  f.adjust = adjust_opt;
});

constexpr Family bloom = but(gpt_neox, [](Family& f) {
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

constexpr Family falcon = but(gpt_neox, [](Family& f) {
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

constexpr Family mpt = but(llama, [](Family& f) {
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

// ---- mixtures of experts -----------------------------------------------------------------------------------------

constexpr Family mixtral = but(mistral, [](Family& f) {
  f.architectures = "MixtralForCausalLM";
  f.model_types = "mixtral";
  f.moe = MoePattern::every_layer;
  f.experts = {"num_local_experts"};
  f.expert_ffn = {"intermediate_size"};
});

constexpr Family phimoe = but(mixtral, [](Family& f) {
  f.architectures = "PhiMoEForCausalLM|PhimoeForCausalLM";
  f.model_types = "phimoe";
  f.norm_vectors = 2;
  f.qkv_bias = f.output_bias = {"attention_bias", false};
  f.head_bias = {"lm_head_bias", false};
});

constexpr Family olmoe = but(llama, [](Family& f) {
  f.architectures = "OlmoeForCausalLM";
  f.model_types = "olmoe";
  f.mlp_bias = {};
  f.uses_qk_norm = {"", true};
  f.qk_norm = QkNorm::full;
  f.moe = MoePattern::every_layer;
  f.experts = {"num_experts"};
  f.expert_ffn = {"intermediate_size"};
});

constexpr Family granite_moe = but(llama, [](Family& f) {
  f.architectures = "GraniteMoeForCausalLM";
  f.model_types = "granitemoe";
  f.moe = MoePattern::every_layer;
  f.experts = {"num_local_experts"};
  f.expert_ffn = {"intermediate_size"};
});

constexpr Family minimax_m2 = but(llama, [](Family& f) {
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

constexpr Family gpt_oss = but(llama, [](Family& f) {
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

constexpr Family qwen2_moe = but(qwen2, [](Family& f) {
  f.architectures = "Qwen2MoeForCausalLM";
  f.model_types = "qwen2_moe";
  f.moe = MoePattern::sparse_step;
  f.experts = {"num_experts"};
  f.shared_ffn = {"shared_expert_intermediate_size", 5632};
  f.shared_gate = true;
});

constexpr Family qwen3_moe = but(qwen3, [](Family& f) {
  f.architectures = "Qwen3MoeForCausalLM|Qwen3VLMoeForConditionalGeneration|Qwen3VLMoeTextModel";
  f.model_types = "qwen3_moe|qwen3_vl_moe_text";
  f.head_dim.fallback = hidden_over_heads;
  f.moe = MoePattern::sparse_step;
  f.experts = {"num_experts"};
});

constexpr Family deepseek_moe = but(llama, [](Family& f) {
  f.architectures = "DeepseekForCausalLM";
  f.model_types = "deepseek";
  f.mlp_bias = {};
  f.moe = MoePattern::after_dense;
  f.experts = {"n_routed_experts"};
  f.shared_experts = {"n_shared_experts", 0};
});

constexpr Family deepseek_v2 = but(deepseek_moe, [](Family& f) {
  f.architectures = "DeepseekV2ForCausalLM";
  f.model_types = "deepseek_v2";
  f.latent = true;
});

constexpr Family deepseek_v3 = but(deepseek_v2, [](Family& f) {
  f.architectures = "DeepseekV3ForCausalLM|KimiK25ForConditionalGeneration";
  f.model_types = "deepseek_v3|kimi_k2";
  f.router_bias = {"", true};
  f.mtp = {"num_nextn_predict_layers", 0};
});

constexpr Family deepseek_v32 = but(deepseek_v3, [](Family& f) {
  f.architectures = "DeepseekV32ForCausalLM|GlmMoeDsaForCausalLM";
  f.model_types = "deepseek_v32|glm_moe_dsa";
  f.indexer = true;
});

constexpr Family glm4_moe_lite = but(deepseek_v3, [](Family& f) {
  f.architectures = "Glm4MoeLiteForCausalLM";
  f.model_types = "glm4_moe_lite";
});

constexpr Family glm4_moe = but(deepseek_moe, [](Family& f) {
  f.architectures = "Glm4MoeForCausalLM";
  f.model_types = "glm4_moe";
  f.kv_heads.fallback = required;
  f.output_bias = {};
  f.uses_qk_norm = {"use_qk_norm", false};
  f.qk_norm = QkNorm::head;
  f.router_bias = {"", true};
  f.mtp = {"num_nextn_predict_layers", 0};
});

constexpr Family mimo_v2 = but(deepseek_moe, [](Family& f) {
  f.architectures = "MiMoV2FlashForCausalLM";
  f.model_types = "mimo_v2_flash";
  f.router_bias = {"", true};
  f.understood = "attention_chunk_size|add_full_attention_sink_bias";
  f.adjust = adjust_mimo_v2;
});

constexpr Family ernie = but(llama, [](Family& f) {
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

constexpr Family llama4 = but(llama, [](Family& f) {
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

constexpr Family hunyuan = but(llama, [](Family& f) {
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

constexpr Family dbrx = but(llama, [](Family& f) {
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

constexpr Family grok = but(llama, [](Family& f) {
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

constexpr std::array table{llama,        mistral,      qwen2,       mimo,         qwen3,         qwen1,     baichuan,
                           chatglm,      phi3,         stablelm,    cohere,       olmo2,         gemma,     gemma2,
                           gemma3,       deci,         nemotron,    apertus,      gpt_neox,      phi,       starcoder2,
                           gpt2,         gpt_big_code, gptj,        opt,          bloom,         falcon,    mpt,
                           mixtral,      phimoe,       olmoe,       granite_moe,  gpt_oss,       qwen2_moe, qwen3_moe,
                           deepseek_moe, deepseek_v2,  deepseek_v3, deepseek_v32, glm4_moe_lite, glm4_moe,  mimo_v2,
                           ernie,        llama4,       hunyuan,     dbrx,         grok};

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
