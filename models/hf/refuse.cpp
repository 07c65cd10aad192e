// SPDX-License-Identifier: Apache-2.0
#include "models/hf/refuse.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <vector>

namespace sextant::models::hf {

namespace {

struct Marker {
  std::string_view prefix;
  std::string_view what;
};

/// Beginnings of keys that announce a structure Sextant does not model.
constexpr std::array markers{
    Marker{"is_encoder_decoder", "an encoder and a decoder"},
    Marker{"cross_attention_layers", "cross-attention layers"},
    Marker{"linear_attn_config", "linear-attention layers"},
    Marker{"linear_conv_kernel_dim", "linear-attention layers"},
    Marker{"linear_key_head_dim", "linear-attention layers"},
    Marker{"linear_num_", "linear-attention layers"},
    Marker{"linear_value_head_dim", "linear-attention layers"},
    Marker{"mamba_", "state-space layers"},
    Marker{"ssm_", "state-space layers"},
    Marker{"time_mix", "recurrent layers"},
    Marker{"rwkv", "recurrent layers"},
    Marker{"hybrid_override_pattern", "layers of several kinds"},
    Marker{"layers_block_type", "layers of several kinds"},
    Marker{"attn_type_list", "layers of several kinds"},
    Marker{"attn_layer_period", "layers of several kinds"},
    Marker{"attn_layer_offset", "layers of several kinds"},
    Marker{"compress_ratios", "compressed attention"},
    Marker{"hc_mult", "hyper-connections"},
    Marker{"o_lora_rank", "a low-rank output projection"},
    Marker{"o_groups", "a grouped output projection"},
    Marker{"num_hash_layers", "hash-routed layers"},
    Marker{"index_topk", "sparse attention"},
    Marker{"index_n_heads", "sparse attention"},
    Marker{"sparse_attention_config", "sparse attention"},
    Marker{"attention_k_eq_v", "values that are the keys"},
    Marker{"hidden_size_per_layer_input", "inputs by layer"},
    Marker{"num_kv_shared_layers", "keys and values shared between layers"},
    Marker{"use_cla", "keys and values shared between layers"},
    Marker{"moe_latent_size", "experts on a latent"},
    Marker{"attn_res_block_size", "attention over earlier layers"},
    Marker{"replace_with_linear", "linear-attention layers"},
    Marker{"num_global_key_value_heads", "layers with head counts of their own"},
    Marker{"global_head_dim", "layers with head widths of their own"},
    Marker{"block_configs", "layers of several shapes"},
};

/// Keys that are no structure although they look like it.
constexpr std::string_view harmless[]{"max_position_embeddings",
                                      "original_max_position_embeddings",
                                      "model_max_length",
                                      "max_seq_len",
                                      "max_sequence_length",
                                      "seq_length",
                                      "sequence_len",
                                      "n_positions",
                                      "n_ctx",
                                      "initial_context_length",
                                      "chunk_size_feed_forward",
                                      "max_batch_size",
                                      "pretraining_tp",
                                      "ep_size",
                                      "n_group",
                                      "topk_group",
                                      "topk_method",
                                      "norm_topk_prob",
                                      "router_aux_loss_coef",
                                      "num_labels",
                                      "num_beam_groups",
                                      "num_beams",
                                      "num_return_sequences",
                                      "no_repeat_ngram_size",
                                      "encoder_no_repeat_ngram_size",
                                      "num_logits_to_keep",
                                      "org_vocab_size",
                                      "class_num",
                                      "rotary_dim",
                                      "rotary_pct",
                                      "partial_rotary_factor",
                                      "qk_head_dim",
                                      "query_pre_attn_scalar",
                                      "cache_implementation",
                                      "vocab_size_per_layer_input",
                                      "moe_layer_num_skipped",
                                      "group_limited_greedy",
                                      "offset_alibi",
                                      "max_window_layers",
                                      "expert_dropout",
                                      "moe_drop_tokens",
                                      "moe_random_routing_dropped_token",
                                      "router_jitter_noise",
                                      "input_jitter_noise",
                                      "num_media_embeds",
                                      "anyres_pooling_size",
                                      "task_specific_params",
                                      "cla_share_factor",
                                      "mm_hidden_size",
                                      "image_aspect_ratio",
                                      "mm_projector_type",
                                      "mm_vision_select_layer",
                                      "layerdrop",
                                      "swiglu_limit",
                                      "expert_dtype",
                                      "return_dict_in_generate",
                                      "hidden_dropout_prob",
                                      "embedding_fraction",
                                      "logits_scaling"};

/// Objects whose keys are not the language model's.
constexpr std::string_view foreign[]{"rope_scaling",  "rope_parameters", "quantization_config",  "auto_map",
                                     "vision_config", "audio_config",    "generation_config",    "id2label",
                                     "label2id",      "pruned_heads",    "task_specific_params", "init_config",
                                     "speech_config", "tokenizer"};

/// Parts of names that structure has and settings rarely have.
constexpr std::string_view structural_words[]{
    "num_layers", "n_layers",    "hidden_layers", "layer_type", "layers_", "_layers", "heads",
    "head_dim",   "hidden_size", "intermediate",  "ffn",        "rank",    "latent",  "pattern",
    "interval",   "kv_",         "window",        "conv_",      "d_model", "d_ff",    "moe_"};

template <class Words>
bool one_of(std::string_view key, const Words& words) {
  return std::find(std::begin(words), std::end(words), key) != std::end(words);
}

bool contains(std::string_view key, std::string_view word) { return key.find(word) != std::string_view::npos; }

/// null, false, 0, "" and empty lists switch a feature off.
bool switched_off(const json::Node& node) {
  switch (node.type) {
    case json::Type::null: return true;
    case json::Type::boolean: return !node.boolean;
    case json::Type::number: return node.number == 0.0;
    case json::Type::string: return node.string.empty();
    case json::Type::array: return node.items.empty();
    case json::Type::object: return node.members.empty();
  }
  return false;
}

const Marker* marker_of(std::string_view key) {
  const auto found = std::find_if(markers.begin(), markers.end(),
                                  [&](const Marker& m) { return key.substr(0, m.prefix.size()) == m.prefix; });
  return found == markers.end() ? nullptr : &*found;
}

/// Settings of vision towers and multimodal glue in flat files ("vit_", "mm_", "image_", ...).
bool names_another_modality(std::string_view key) {
  constexpr std::string_view beginnings[]{"vit_",    "mm_",     "image_", "video_",  "audio_",
                                          "vision_", "anyres_", "im_",    "tune_mm_"};
  return std::any_of(std::begin(beginnings), std::end(beginnings),
                     [&](std::string_view b) { return key.substr(0, b.size()) == b; });
}

/// Words of dropout, initialisation, losses and routers' scaling.
bool names_a_setting(std::string_view key) {
  constexpr std::string_view words[]{"dropout", "drop_",          "pdrop",    "_loss",       "init_",    "initializer",
                                     "eps",     "scaling_factor", "jitter",   "theta",       "token_id", "base_freq",
                                     "output_", "dtype",          "_softmax", "softcapping", "cache"};
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view w) { return contains(key, w); });
}

/// Why a key that was not read must not be ignored; "" when it may be.
std::string reason(std::string_view key) {
  if (const Marker* m = marker_of(key)) return fmt::format("stands for {}, which Sextant does not model", m->what);
  if (one_of(key, harmless) || one_of(key, foreign) || names_another_modality(key)) return {};
  if (contains(key, "expert") && !contains(key, "aux_loss") && !contains(key, "dropout")) {
    return "names experts and is not understood for this architecture";
  }
  if (names_a_setting(key)) return {};
  for (const std::string_view word : structural_words) {
    if (contains(key, word)) return "seems to shape the model and is not understood for this architecture";
  }
  return {};
}

/// Calls f with each key of the text object, and with "a.b" for the keys of objects that hold structure.
template <class F>
void for_each_key(const json::Node& object, std::string_view prefix, F f) {
  for (const json::Member& m : object.members) {
    const std::string key = prefix.empty() ? m.key : fmt::format("{}.{}", prefix, m.key);
    const bool nested = m.value.type == json::Type::object && !one_of(m.key, foreign);
    if (nested && prefix.empty() && !marker_of(m.key)) {
      for_each_key(m.value, m.key, f);
    } else {
      f(key, std::string_view(key).substr(prefix.empty() ? 0 : prefix.size() + 1), m.value);
    }
  }
}

}  // namespace

void refuse_unknown_structure(Config& c) {
  std::vector<std::string_view> known;
  c.for_each_understood([&](std::string_view key) { known.push_back(key); });
  for_each_key(c.text().node(), "", [&](const std::string& key, std::string_view last, const json::Node& value) {
    if (c.understood(key) || switched_off(value)) return;
    const std::string why = reason(last);
    if (why.empty()) return;
    c.fault(key, why, marker_of(last) ? std::string{} : did_you_mean(key, known));
  });
}

void name_unmodelled_keys(Config& c) {
  std::vector<std::string_view> named;
  for_each_key(c.text().node(), "", [&](const std::string& key, std::string_view last, const json::Node& value) {
    const Marker* m = marker_of(last);
    if (m == nullptr || switched_off(value) || one_of(m->what, named)) return;
    named.push_back(m->what);
    c.fault(key, reason(last));
  });
}

}  // namespace sextant::models::hf
