// SPDX-License-Identifier: Apache-2.0
#include "models/hf/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "models/hf/layers.hpp"
#include "models/hf/refuse.hpp"
#include "models/native.hpp"

namespace sextant::models::hf {

namespace {

/// A number with its symbolic fallback resolved.
int resolved(Config& c, std::string_view name, const Number& number, int value, int resolution, std::string_view rule) {
  if (value != number.fallback || value >= 0) return value;
  if (value == set_by_adjust) return 1;
  c.derived(name, resolution, std::string(rule));
  return resolution;
}

void read_latent(Config& c, const Family& family, Draft& d) {
  Attention& a = d.attention;
  a.kind = Attention::Kind::latent;
  a.q_lora_rank = c.integer("q_lora_rank").value_or(0);
  a.kv_lora_rank = c.number("kv_lora_rank", {"kv_lora_rank"});
  a.qk_nope_head_dim = c.number("qk_nope_head_dim", {"qk_nope_head_dim"}, head_width_bounds);
  a.qk_rope_head_dim = c.number("qk_rope_head_dim", {"qk_rope_head_dim"}, head_width_bounds);
  a.v_head_dim = c.number("v_head_dim", {"v_head_dim"}, head_width_bounds);
  a.head_dim = a.qk_nope_head_dim + a.qk_rope_head_dim;
  a.kv_heads = a.heads;
  c.derived("head_dim", a.head_dim, "qk_nope_head_dim + qk_rope_head_dim");
  c.understand("head_dim|qk_head_dim");  // some releases repeat one of the parts
  const std::optional<int> kv = c.integer("num_key_value_heads");
  if (kv && *kv != a.heads)
    c.fault("num_key_value_heads", fmt::format("is {}, but latent attention has {}", *kv, a.heads));
  if (!family.indexer) return;
  a.index_heads = c.number("index_heads", {"index_n_heads"}, head_bounds);
  a.index_head_dim = c.number("index_head_dim", {"index_head_dim"}, head_width_bounds);
  a.index_topk = c.number("index_topk", {"index_topk"});
  a.window = a.index_topk;
  c.note(
      "sparse attention (DSA): every query sees its index_topk best keys, timed as a window of that size; the "
      "indexer's parameters and FLOPs are counted, its own kernels are not timed");
}

void read_grouped(Config& c, const Family& family, Draft& d) {
  Attention& a = d.attention;
  const int hidden = d.model.spec.hidden;
  const int kv = c.number("kv_heads", family.kv_heads, head_bounds);
  a.kv_heads = resolved(c, "kv_heads", family.kv_heads, kv, a.heads, "heads");
  const int head_dim = c.number("head_dim", family.head_dim, head_width_bounds);
  if (head_dim == hidden_over_heads && hidden % a.heads != 0 && c.good()) {
    c.fault(family.heads.keys.substr(0, family.heads.keys.find('|')),
            fmt::format("{} heads do not divide the width {}, and there is no head width", a.heads, hidden));
  }
  a.head_dim = resolved(c, "head_dim", family.head_dim, head_dim, std::max(1, hidden / a.heads), "hidden / heads");
  a.v_head_dim = a.head_dim;
  const bool normed = c.yes("qk_norm", family.uses_qk_norm);
  a.qk_norm = normed && family.qk_norm == QkNorm::head;
  a.full_qk_norm = normed && family.qk_norm == QkNorm::full;
}

void read_attention(Config& c, const Family& family, Draft& d) {
  d.attention.heads = c.number("heads", family.heads, head_bounds);
  if (family.latent) {
    read_latent(c, family, d);
  } else {
    read_grouped(c, family, d);
  }
  d.attention.qkv_bias = c.yes("qkv_bias", family.qkv_bias);
  d.attention.output_bias = c.yes("output_bias", family.output_bias);
  d.attention.sinks = family.sinks;
}

void read_dense(Config& c, const Family& family, Draft& d) {
  d.dense.gated = family.gated;
  d.dense.bias = c.yes("mlp_bias", family.mlp_bias);
  const int ffn = c.number("ffn", family.ffn);
  d.dense.ffn = resolved(c, "ffn", family.ffn, ffn, 4 * d.model.spec.hidden, "4 x hidden");
}

void read_experts(Config& c, const Family& family, Draft& d) {
  Mlp& m = d.moe;
  m.kind = Mlp::Kind::moe;
  m.gated = family.gated;
  m.bias = c.yes("mlp_bias", family.mlp_bias);
  m.experts = c.number("experts", family.experts, {1, count_bounds.max});
  m.experts_per_token = c.number("experts_per_token", family.top_k, {1, count_bounds.max});
  const int width = c.number("expert_ffn", family.expert_ffn, expert_width_bounds);
  m.expert_ffn = width == same_as_ffn ? c.number("expert_ffn", family.ffn, expert_width_bounds) : std::max(1, width);
  const int shared = std::max(0, c.number("shared_experts", family.shared_experts, {0, 1000}));
  const int shared_ffn = std::max(0, c.number("shared_ffn", family.shared_ffn, {0, 1 << 17}));
  m.shared_ffn = shared > 0 ? shared * m.expert_ffn : shared_ffn;
  if (shared > 0) c.derived("shared_ffn", m.shared_ffn, fmt::format("{} shared experts x {}", shared, m.expert_ffn));
  m.shared_gate = family.shared_gate && m.shared_ffn > 0;
  m.router_bias = c.yes("router_bias", family.router_bias);
  if (m.experts_per_token > m.experts && c.good()) {
    c.fault(family.top_k.keys.substr(0, family.top_k.keys.find('|')),
            fmt::format("{} of {} experts", m.experts_per_token, m.experts));
  }
}

void read_ends(Config& c, const Family& family, Draft& d) {
  ModelSpec& s = d.model.spec;
  s.hidden = c.number("hidden", family.hidden);
  s.vocab = c.number("vocab", family.vocab, vocab_bounds);
  s.tied_embeddings = c.tied(family.tied);
  s.head_bias = c.yes("head_bias", family.head_bias);
  s.learned_positions = std::max(0, c.number("learned_positions", family.learned_positions, vocab_bounds));
  s.mtp_layers = std::max(0, c.number("mtp_layers", family.mtp, {0, 64}));
  s.norm_vectors = family.norm_vectors;
  s.embedding_norm = family.embedding_norm;
}

void read_mixers(Config& c, const Family& family, Draft& d) {
  read_moe_layers(c, family, d);
  const bool any_dense = std::find(d.moe_layer.begin(), d.moe_layer.end(), false) != d.moe_layer.end();
  if (family.moe != MoePattern::none) read_experts(c, family, d);
  c.understand(family.ffn.keys);
  d.dense.gated = family.gated;
  if (family.moe == MoePattern::none || any_dense) read_dense(c, family, d);
}

void list_layers(Draft& d) {
  if (d.listed) return;
  for (std::size_t i = 0; i < d.moe_layer.size(); ++i) {
    Layer layer;
    layer.attention = d.attention;
    if (d.window[i] > 0) {
      layer.attention.window = d.window[i];
      layer.attention.chunked_window = d.chunked;
    }
    layer.mlp = d.moe_layer[i] ? d.moe : d.dense;
    layer.norms = d.norms;
    add_layer(d.model.spec, layer);
  }
}

void read_family(Config& c, const Family& family, Draft& d) {
  c.understand(family.understood);
  c.understand("architectures|model_type|_name_or_path|name|hidden_act|hidden_activation|activation_function");
  d.norms = family.norms;
  d.layers = c.number("layers", family.layers, layer_bounds);
  read_ends(c, family, d);
  read_attention(c, family, d);
  read_mixers(c, family, d);
  read_windows(c, family, d);
  if (family.adjust != nullptr) family.adjust(c, d);
  refuse_unknown_structure(c);
  if (c.good()) list_layers(d);
}

std::string first_architecture(const json::Node& node) {
  const json::Node* list = node.find("architectures");
  const bool some = list != nullptr && list->type == json::Type::array && !list->items.empty();
  return some ? list->items.front().string : std::string{};
}

std::string text_of(const json::Node& node, std::string_view key) {
  const json::Node* value = node.find(key);
  return value != nullptr && value->type == json::Type::string ? value->string : std::string{};
}

void note_surroundings(const json::Cursor& text, const json::Cursor* outer, Model& model) {
  for (const json::Cursor* level : {&text, outer}) {
    if (level == nullptr) continue;
    if (const json::Node* q = level->node().find("quantization_config")) {
      model.notes.push_back(
          fmt::format("quantization_config ({}) is how the release stores its weights, not how it was "
                      "trained; it is not used",
                      text_of(*q, "quant_method")));
    }
    std::set<std::string_view> seen;
    for (const json::Member& m : level->node().members) {
      if (!seen.insert(m.key).second) {
        model.notes.push_back(fmt::format("the key \"{}\" appears twice; the last one counts", m.key));
      }
    }
  }
  const bool tower = text.node().find("mm_vision_tower") != nullptr;
  if (outer != nullptr || tower) {
    model.notes.push_back("the language model only; vision and audio towers are not part of it");
  }
}

/// The family, by the order in which Transformers itself decides: the class in `architectures`; inside a multimodal
/// configuration the model_type of its language model, then the class outside. Reports a file that no family fits.
const Family* dispatch(const json::Cursor& text, const json::Cursor* outer, Config& c, std::string& architecture) {
  const std::string type = text_of(text.node(), "model_type");
  const std::string inner = first_architecture(text.node());
  const bool nested = outer != nullptr && inner.empty();
  architecture = nested ? first_architecture(outer->node()) : inner;
  const Family* family = nested || architecture.empty() ? find_family_of_type(type) : nullptr;
  if (family == nullptr && !architecture.empty()) family = find_family(architecture);
  if (family != nullptr) return family;
  const bool by_type = architecture.empty();
  if (by_type && type.empty()) {
    text.fault("neither \"architectures\" nor \"model_type\" says what this model is");
    return nullptr;
  }
  (nested && !by_type ? *outer : text)
      .fault_at(by_type ? "model_type" : "architectures",
                fmt::format("\"{}\" is not an architecture that Sextant models", by_type ? type : architecture));
  name_unmodelled_keys(c);
  return nullptr;
}

std::optional<Model> read_text(const json::Cursor& text, const json::Cursor* outer, const std::string& name) {
  Draft d;
  Config c(text, outer, d.model);
  std::string architecture;
  const Family* family = dispatch(text, outer, c, architecture);
  if (family == nullptr) return std::nullopt;
  d.model.family = architecture.empty() ? std::string(family->architectures.substr(0, family->architectures.find('|')))
                                        : architecture;
  const std::string path = text_of((outer != nullptr ? *outer : text).node(), "_name_or_path");
  d.model.spec.name = path.empty() ? name : std::filesystem::path(path).filename().string();
  if (path.find('/') != std::string::npos && path.front() != '/') d.model.hf_id = path;
  read_family(c, *family, d);
  if (!c.good()) return std::nullopt;
  note_surroundings(text, outer, d.model);
  return std::move(d.model);
}

}  // namespace

bool is_config(const json::Node& node) {
  constexpr std::array<std::string_view, 6> marks{"architectures",     "model_type",  "text_config",
                                                  "num_hidden_layers", "hidden_size", "n_embd"};
  return node.type == json::Type::object &&
         std::any_of(marks.begin(), marks.end(), [&](std::string_view key) { return node.find(key) != nullptr; });
}

std::optional<Model> read_config(const json::Cursor& at, const std::string& name) {
  if (at.node().type != json::Type::object) {
    at.expected("an object");
    return std::nullopt;
  }
  for (const std::string_view key : {"text_config", "llm_config", "language_config"}) {
    if (const json::Node* text = at.node().find(key); text != nullptr && text->type == json::Type::object) {
      return read_text(at.member(key, *text), &at, name);
    }
  }
  if (const json::Node* thinker = at.node().find("thinker_config"); thinker != nullptr) {
    return read_config(at.member("thinker_config", *thinker), name);
  }
  return read_text(at, nullptr, name);
}

std::optional<Model> read_config_text(std::string_view text, const std::string& file, const std::string& name,
                                      Diagnostics& faults) {
  const std::optional<json::Node> node =
      json::parse(text, file, faults, {.non_finite_as_null = true, .allow_duplicate_keys = true});
  if (!node) return std::nullopt;
  return read_config(json::Cursor(*node, file, faults), name);
}

std::vector<std::string_view> architectures() {
  std::vector<std::string_view> names;
  for (const Family& f : families()) {
    for_each_word(f.architectures, [&](std::string_view name) { names.push_back(name); });
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace sextant::models::hf
