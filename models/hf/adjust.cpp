// SPDX-License-Identifier: Apache-2.0
#include "models/hf/adjust.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/native.hpp"

namespace sextant::models::hf {

namespace {

constexpr int widest = 1 << 20;

/// A product that stays a width; reports one that does not.
int width(Config& c, std::string_view key, double value) {
  if (value >= 1.0 && value <= widest && std::floor(value) == value) return static_cast<int>(value);
  c.fault(key, fmt::format("gives a width of {}, expected an integer of at least 1 and at most {}", value, widest));
  return 1;
}

double ratio(Config& c, std::string_view key, double fallback) {
  const json::Node* node = c.find(key);
  if (node == nullptr) return fallback;
  if (node->type == json::Type::number && node->number > 0.0) return node->number;
  c.fault(key, "expected a number above 0");
  return fallback;
}

void set_kv_heads(Config& c, Draft& d, int heads, std::string rule) {
  d.attention.kv_heads = heads;
  c.derived("kv_heads", heads, std::move(rule));
}

}  // namespace

/// chatglm3-6b modeling_chatglm.py: the q, k, v biases come with either of two switches.
void adjust_chatglm(Config& c, Draft& d) {
  if (c.boolean("add_qkv_bias").value_or(false)) d.attention.qkv_bias = true;
}

/// MiniMax-M2: every entry of attn_type_list is 1, softmax attention; its relatives have linear layers (0) there.
void adjust_minimax_m2(Config& c, Draft& d) {
  const auto types = c.integers("attn_type_list", static_cast<std::size_t>(d.layers));
  if (!types) return;
  for (const int type : *types) {
    if (type != 1) return c.fault("attn_type_list", "holds linear-attention layers, which Sextant does not model");
  }
}

/// FalconConfig: multi-query by default; the new decoder groups queries and norms attention and MLP separately.
void adjust_falcon(Config& c, Draft& d) {
  const bool new_decoder = c.boolean("new_decoder_architecture").value_or(false);
  const bool multi_query = c.boolean("multi_query").value_or(true);
  const bool parallel = c.boolean("parallel_attn").value_or(true);
  const std::optional<int> groups = c.integer("num_kv_heads", head_bounds);
  if (new_decoder) {
    set_kv_heads(c, d, groups.value_or(d.attention.heads), "num_kv_heads of the new decoder");
    d.norms = c.integer("num_ln_in_parallel_attn").value_or(2);
  } else {
    set_kv_heads(c, d, multi_query ? 1 : d.attention.heads, "multi_query of the old decoder");
    d.norms = parallel ? 1 : 2;
  }
}

/// GPTBigCodeConfig: multi_query is true unless stated.
void adjust_gpt_big_code(Config& c, Draft& d) {
  if (c.boolean("multi_query").value_or(true)) set_kv_heads(c, d, 1, "multi_query");
}

/// xai-org/grok-1 model.py, ffn_size(): two thirds of widening_factor x emb_size, rounded up to a multiple of 8.
void adjust_grok(Config& c, Draft& d) {
  c.understand("widening_factor|intermediate_size");
  if (const std::optional<int> stated = c.integer("intermediate_size")) {
    d.moe.expert_ffn = *stated;
    return;
  }
  const double widened = std::floor(ratio(c, "widening_factor", 4.0) * d.model.spec.hidden) * 2.0;
  const double third = std::floor(widened / 3.0);
  d.moe.expert_ffn = width(c, "widening_factor", 8.0 * std::ceil(third / 8.0));
  c.derived("expert_ffn", d.moe.expert_ffn, "2/3 x widening_factor x emb_size, to a multiple of 8");
}

/// tencent/Hunyuan-A13B hunyuan.py: with use_mixed_mlp_moe a shared MLP of num_shared_expert x intermediate_size.
void adjust_hunyuan(Config& c, Draft& d) {
  c.understand("use_mla|kv_lora_rank|q_lora_rank|qk_nope_head_dim|qk_rope_head_dim|v_head_dim");
  if (c.boolean("use_mla").value_or(false)) c.fault("use_mla", "is not modelled for this architecture");
  const int shared = c.integer("num_shared_expert", count_bounds).value_or(1);
  const std::optional<int> ffn = c.integer("intermediate_size");
  if (!ffn) return c.missing("intermediate_size");
  if (c.boolean("use_mixed_mlp_moe").value_or(false)) {
    d.moe.shared_ffn = width(c, "num_shared_expert", static_cast<double>(shared) * *ffn);
    c.derived("shared_ffn", d.moe.shared_ffn, "num_shared_expert x intermediate_size");
  }
  d.dense.ffn = *ffn;
  const int skipped = c.integer("moe_layer_num_skipped", {0, layer_bounds.max}).value_or(0);
  for (int i = 0; i < std::min(skipped, d.layers); ++i) d.moe_layer[static_cast<std::size_t>(i)] = false;
}

/// XiaomiMiMo/MiMo-V2-Flash modeling_mimo_v2_flash.py: full and sliding layers with head counts of their own.
void adjust_mimo_v2(Config& c, Draft& d) {
  d.attention.v_head_dim = c.integer("v_head_dim", head_width_bounds).value_or(d.attention.head_dim);
  Attention sliding = d.attention;
  sliding.heads = c.integer("swa_num_attention_heads", head_bounds).value_or(d.attention.heads);
  sliding.kv_heads = c.integer("swa_num_key_value_heads", head_bounds).value_or(d.attention.kv_heads);
  sliding.head_dim = c.integer("swa_head_dim", head_width_bounds).value_or(d.attention.head_dim);
  sliding.v_head_dim = c.integer("swa_v_head_dim", head_width_bounds).value_or(d.attention.v_head_dim);
  sliding.sinks = c.boolean("add_swa_attention_sink_bias").value_or(false);
  d.attention.sinks = c.boolean("add_full_attention_sink_bias").value_or(false);
  const std::optional<int> window = c.integer("sliding_window|sliding_window_size");
  const auto pattern = c.integers("hybrid_layer_pattern", static_cast<std::size_t>(d.layers));
  if (!window) return c.missing("sliding_window");
  if (!pattern) return c.missing("hybrid_layer_pattern");
  sliding.window = *window;
  for (std::size_t i = 0; i < pattern->size(); ++i) {
    Layer layer;
    layer.attention = (*pattern)[i] != 0 ? sliding : d.attention;
    layer.mlp = d.moe_layer[i] ? d.moe : d.dense;
    add_layer(d.model.spec, layer);
  }
  d.listed = true;
}

/// MPTConfig: no_bias takes the biases and the shifts of the norms; ALiBi and rotary positions replace learned ones.
void adjust_mpt(Config& c, Draft& d) {
  const double expansion = ratio(c, "expansion_ratio", 4.0);
  d.dense.ffn = width(c, "expansion_ratio", std::floor(expansion * d.model.spec.hidden));
  c.derived("ffn", d.dense.ffn, "expansion_ratio x d_model");
  const bool bias = !c.boolean("no_bias").value_or(true);
  d.attention.qkv_bias = d.attention.output_bias = d.dense.bias = bias;
  d.model.spec.norm_vectors = bias ? 2 : 1;
  const json::Node* type = c.find("attn_config.attn_type");
  if (type != nullptr && type->string == "multiquery_attention")
    set_kv_heads(c, d, 1, "attn_type multiquery_attention");
  d.attention.full_qk_norm = c.boolean("attn_config.qk_ln").value_or(false);
  const bool positions = c.boolean("learned_pos_emb").value_or(true) &&
                         !c.boolean("attn_config.alibi").value_or(false) &&
                         !c.boolean("attn_config.rope").value_or(false);
  if (positions) d.model.spec.learned_positions = c.integer("max_seq_len", vocab_bounds).value_or(2048);
}

/// OPTConfig: positions are counted from 2; the 350M's narrower embedding is not modelled.
void adjust_opt(Config& c, Draft& d) {
  d.model.spec.learned_positions += 2;
  const int width_of_embedding = c.integer("word_embed_proj_dim").value_or(d.model.spec.hidden);
  if (width_of_embedding != d.model.spec.hidden) {
    c.fault("word_embed_proj_dim", fmt::format("is {}, hidden_size is {}: a projected embedding is not modelled",
                                               width_of_embedding, d.model.spec.hidden));
  }
}

/// Qwen modeling_qwen.py: intermediate_size counts gate and up projection together.
void adjust_qwen1(Config& c, Draft& d) {
  if (d.dense.ffn % 2 != 0) return c.fault("intermediate_size", "is odd, but holds two projections of one width");
  d.dense.ffn /= 2;
  c.derived("ffn", d.dense.ffn, "intermediate_size / 2");
}

namespace {

/// DeciLM: int(2 x ffn_mult x hidden / 3), rounded up to a multiple of 256.
int deci_ffn(double mult, int hidden) {
  const double target = std::floor(2.0 * mult * hidden / 3.0);
  return static_cast<int>(256.0 * std::ceil(target / 256.0));
}

bool on(const json::Node& block, std::string_view key) {
  const json::Node* node = block.find(key);
  return node != nullptr && node->type == json::Type::boolean && node->boolean;
}

/// One entry of block_configs. Blocks without attention or MLP have no norm before it either.
std::optional<Layer> deci_layer(const json::Node& block, const Draft& d) {
  const json::Node* attention = block.find("attention");
  const json::Node* ffn = block.find("ffn");
  if (attention == nullptr || ffn == nullptr) return std::nullopt;
  for (const json::Node* part : {attention, ffn}) {
    if (on(*part, "replace_with_linear") || part->find("sparsify") != nullptr) return std::nullopt;
  }
  if (attention->find("window_length") != nullptr || attention->find("num_sink_tokens") != nullptr) return std::nullopt;
  Layer layer{d.attention, d.dense, 0, !on(*attention, "no_op")};
  if (layer.has_attention) {
    const json::Node* group = attention->find("n_heads_in_group");
    const bool divides = group != nullptr && group->type == json::Type::number && group->number >= 1.0 &&
                         std::fmod(d.attention.heads, group->number) == 0.0;
    if (!divides) return std::nullopt;
    layer.attention.kv_heads = static_cast<int>(d.attention.heads / group->number);
    ++layer.norms;
  }
  if (on(*ffn, "no_op")) {
    layer.mlp = Mlp{};
    layer.mlp.kind = Mlp::Kind::none;
    return layer;
  }
  const json::Node* mult = ffn->find("ffn_mult");
  if (mult == nullptr || mult->type != json::Type::number || !(mult->number > 0.0) || mult->number > 64.0) {
    return std::nullopt;
  }
  layer.mlp.ffn = deci_ffn(mult->number, d.model.spec.hidden);
  ++layer.norms;
  return layer;
}

}  // namespace

/// nvidia/Llama-3_3-Nemotron-Super-49B-v1 modeling_decilm.py: a list of blocks, each with its own widths.
void adjust_deci(Config& c, Draft& d) {
  const json::Node* blocks = c.find("block_configs");
  if (blocks == nullptr || blocks->type != json::Type::array) return c.missing("block_configs");
  if (blocks->items.size() != static_cast<std::size_t>(d.layers)) {
    return c.fault("block_configs", fmt::format("has {} items for {} layers", blocks->items.size(), d.layers));
  }
  for (std::size_t i = 0; i < blocks->items.size(); ++i) {
    const std::optional<Layer> layer = deci_layer(blocks->items[i], d);
    if (!layer) return c.fault("block_configs", fmt::format("block {} is not one that Sextant models", i));
    add_layer(d.model.spec, *layer);
  }
  d.listed = true;
}

}  // namespace sextant::models::hf
