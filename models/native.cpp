// SPDX-License-Identifier: Apache-2.0
#include "models/native.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/counts.hpp"

namespace sextant::models {

namespace {

constexpr double disagreement = 0.03;  // of stated and computed parameter counts

/// Collects the model while reporting what the statement lacks.
class Builder {
 public:
  Builder(const StatedModel& stated, const json::Cursor& at) : stated_(stated), at_(at) {}

  std::optional<Model> build() {
    model_.spec.name = stated_.name;
    model_.hf_id = stated_.hf_id;
    model_.aliases = stated_.aliases;
    model_.notes = stated_.notes;
    model_.sources = stated_.sources;
    model_.stated = {stated_.params_total_b, stated_.params_active_b};
    const int layers = need("layers", stated_.layers);
    model_.spec.hidden = need("hidden", stated_.hidden);
    model_.spec.vocab = need("vocab", stated_.vocab);
    Layer layer;
    layer.norms = stated_.norms_per_layer;
    read_attention(layer.attention);
    read_mlp(layer.mlp);
    read_ends();
    if (!good_) return std::nullopt;
    list_layers(layers, layer);
    cross_check();
    return std::move(model_);
  }

 private:
  void fault(std::string message, std::string hint = {}) {
    at_.fault(std::move(message), std::move(hint));
    good_ = false;
  }
  void fault_at(std::string_view key, std::string message, std::string hint = {}) {
    at_.fault_at(key, std::move(message), std::move(hint));
    good_ = false;
  }

  int need(std::string_view key, const std::optional<int>& value) {
    if (!value) {
      fault(fmt::format("the key \"{}\" is missing: the model cannot be built without it", key),
            "or name a model of the catalogue");
      return 1;
    }
    record(key, fmt::format("{}", *value), Provenance::Origin::file, std::string(key));
    return *value;
  }

  void record(std::string_view key, std::string value, Provenance::Origin origin, std::string where) {
    model_.provenance.push_back({std::string(key), std::move(value), origin, std::move(where)});
  }
  void derived(std::string_view key, int value, std::string rule) {
    record(key, fmt::format("{}", value), Provenance::Origin::derived, std::move(rule));
  }
  void assume(std::string_view key, std::string value, std::string why) {
    model_.notes.push_back(fmt::format("{} is not stated: {} assumed ({})", key, value, why));
    record(key, std::move(value), Provenance::Origin::class_default, std::move(why));
  }

  void read_attention(Attention& a) {
    a.heads = need("heads", stated_.heads);
    const bool latent = stated_.attention == StatedAttention::mla || (!stated_.attention && stated_.mla);
    if (latent) {
      read_latent(a);
    } else {
      read_grouped(a);
    }
    a.qkv_bias = stated_.qkv_bias;
    a.output_bias = stated_.output_bias;
    a.qk_norm = stated_.qk_norm == StatedQkNorm::head;
    a.full_qk_norm = stated_.qk_norm == StatedQkNorm::full;
    a.sinks = stated_.attention_sinks;
    a.output_gate = stated_.output_gate;
  }

  void read_latent(Attention& a) {
    a.kind = Attention::Kind::latent;
    if (!stated_.mla) return fault("the key \"mla\" is missing: widths of latent attention");
    a.q_lora_rank = stated_.mla->q_lora_rank.value_or(0);
    a.kv_lora_rank = stated_.mla->kv_lora_rank;
    a.qk_nope_head_dim = stated_.mla->qk_nope_head_dim;
    a.qk_rope_head_dim = stated_.mla->qk_rope_head_dim;
    a.v_head_dim = stated_.mla->v_head_dim;
    a.head_dim = a.qk_nope_head_dim + a.qk_rope_head_dim;
    a.kv_heads = a.heads;
    record("attention", "mla", Provenance::Origin::file, "attention");
    if (stated_.head_dim && *stated_.head_dim != a.head_dim) {
      fault_at("head_dim",
               fmt::format("is {}, but qk_nope_head_dim + qk_rope_head_dim is {}", *stated_.head_dim, a.head_dim));
    }
    if (stated_.kv_heads && *stated_.kv_heads != a.heads) {
      fault_at("kv_heads", fmt::format("is {}, but latent attention has as many key-value heads as heads ({})",
                                       *stated_.kv_heads, a.heads));
    }
  }

  void read_grouped(Attention& a) {
    if (stated_.mla) fault_at("mla", "stands beside an attention that is not mla");
    if (stated_.kv_heads) {
      a.kv_heads = *stated_.kv_heads;
      record("kv_heads", fmt::format("{}", a.kv_heads), Provenance::Origin::file, "kv_heads");
    } else if (stated_.attention == StatedAttention::gqa) {
      fault("the key \"kv_heads\" is missing: grouped-query attention needs it");
    } else {
      a.kv_heads = a.heads;
      derived("kv_heads", a.kv_heads, "heads");
    }
    if (stated_.attention == StatedAttention::mha && a.kv_heads != a.heads) {
      fault_at("kv_heads", fmt::format("is {}, but attention \"mha\" has {}", a.kv_heads, a.heads),
               "write \"gqa\" where key-value heads are shared");
    }
    if (a.kv_heads > 0 && a.heads % a.kv_heads != 0) {
      fault_at("kv_heads", fmt::format("{} does not divide {} heads", a.kv_heads, a.heads));
    }
    if (stated_.head_dim) {
      a.head_dim = *stated_.head_dim;
      record("head_dim", fmt::format("{}", a.head_dim), Provenance::Origin::file, "head_dim");
    } else if (stated_.hidden && stated_.heads && *stated_.hidden % a.heads != 0) {
      fault(fmt::format("the key \"head_dim\" is missing, and {} heads do not divide hidden {}", a.heads,
                        *stated_.hidden));
    } else {
      a.head_dim = model_.spec.hidden / a.heads;
      derived("head_dim", a.head_dim, "hidden / heads");
    }
    a.v_head_dim = a.head_dim;
  }

  void read_mlp(Mlp& m) {
    const bool moe = stated_.kind == StatedKind::moe || (!stated_.kind && stated_.experts.value_or(0) > 0);
    if (stated_.gated_ffn) {
      m.gated = *stated_.gated_ffn;
      record("gated_ffn", m.gated ? "true" : "false", Provenance::Origin::file, "gated_ffn");
    } else {
      assume("gated_ffn", "true", "three matrices, as models since 2023 have");
    }
    m.bias = stated_.mlp_bias;
    if (moe) {
      read_experts(m);
    } else {
      m.ffn = need("ffn", stated_.ffn);
      if (m.ffn <= 0 && stated_.ffn) fault_at("ffn", "is 0 in a dense model");
      if (stated_.experts.value_or(0) > 0) fault_at("experts", "stands in a model of kind dense");
    }
  }

  void read_experts(Mlp& m) {
    m.kind = Mlp::Kind::moe;
    m.experts = need("experts", stated_.experts);
    m.experts_per_token = need("experts_per_token", stated_.experts_per_token);
    m.expert_ffn = need("expert_ffn", stated_.expert_ffn);
    const int shared = stated_.shared_experts.value_or(0);
    const int shared_ffn = stated_.shared_expert_ffn.value_or(m.expert_ffn);
    m.shared_ffn = shared * shared_ffn;
    if (shared > 0) derived("shared_ffn", m.shared_ffn, fmt::format("{} shared experts x {}", shared, shared_ffn));
    m.shared_gate = stated_.shared_expert_gate;
    m.router_bias = stated_.router_bias;
    if (stated_.experts == 0) fault_at("experts", "is 0 in a model of kind moe");
    if (stated_.experts_per_token && (m.experts_per_token < 1 || m.experts_per_token > m.experts)) {
      fault_at("experts_per_token",
               fmt::format("{} is not between 1 and the {} experts", m.experts_per_token, m.experts));
    }
    const int dense = stated_.dense_layers.value_or(0);
    const bool has_dense = dense > 0 || stated_.moe_every.value_or(1) > 1;
    if (has_dense && stated_.ffn.value_or(0) <= 0) fault("the key \"ffn\" is missing: the dense layers need it");
    if (stated_.layers && dense >= *stated_.layers) {
      fault_at("dense_layers", fmt::format("{} leave no MoE layer among {}", dense, *stated_.layers));
    }
    m.ffn = 0;
  }

  void read_ends() {
    ModelSpec& s = model_.spec;
    if (stated_.tied_embeddings) {
      s.tied_embeddings = *stated_.tied_embeddings;
      record("tied_embeddings", s.tied_embeddings ? "true" : "false", Provenance::Origin::file, "tied_embeddings");
    } else {
      assume("tied_embeddings", "false", "a head of its own");
    }
    const bool gated = stated_.gated_ffn.value_or(true);
    const bool layernorm = stated_.norm ? *stated_.norm == StatedNorm::layernorm : !gated;
    s.norm_vectors = layernorm ? 2 : 1;
    s.learned_positions = stated_.learned_positions;
    s.token_types = stated_.token_types;
    s.embedding_norm = stated_.embedding_norm;
    s.head_bias = stated_.head_bias;
    s.mtp_layers = stated_.mtp_layers.value_or(0);
    if (stated_.attention_chunk && stated_.sliding_window) {
      fault_at("attention_chunk", "stands beside sliding_window; a windowed layer has one of them");
    }
    const bool windowed = stated_.attention_chunk || stated_.sliding_window;
    if (!windowed && stated_.sliding_window_every) {
      fault_at("sliding_window_every", "stands without sliding_window");
    }
    if (!windowed && stated_.full_attention_every) {
      fault_at("full_attention_every", "stands without sliding_window or attention_chunk");
    }
    if (stated_.sliding_window_every && stated_.full_attention_every) {
      fault_at("full_attention_every", "contradicts sliding_window_every; state one of them");
    }
  }

  [[nodiscard]] bool windowed(int layer) const {
    if (!stated_.sliding_window && !stated_.attention_chunk) return false;
    if (stated_.full_attention_every) return (layer + 1) % *stated_.full_attention_every != 0;
    return layer % stated_.sliding_window_every.value_or(1) == 0;
  }

  [[nodiscard]] bool has_experts(int layer) const {
    const int behind = layer - stated_.dense_layers.value_or(0);
    return behind >= 0 && (behind + 1) % stated_.moe_every.value_or(1) == 0;
  }

  void list_layers(int layers, const Layer& pattern) {
    for (int i = 0; i < layers; ++i) {
      Layer layer = pattern;
      if (windowed(i)) {
        layer.attention.window = stated_.attention_chunk ? *stated_.attention_chunk : *stated_.sliding_window;
        layer.attention.chunked_window = stated_.attention_chunk.has_value();
      }
      if (pattern.mlp.kind == Mlp::Kind::moe && !has_experts(i)) {
        layer.mlp = Mlp{};
        layer.mlp.gated = pattern.mlp.gated;
        layer.mlp.bias = pattern.mlp.bias;
        layer.mlp.ffn = *stated_.ffn;
      }
      add_layer(model_.spec, layer);
    }
  }

  /// Publishers print the active count with or without the embedding; either may agree.
  void cross_check() {
    const ParameterCounts c = parameter_counts(model_.spec);
    const auto off = [](double computed, double stated_b) { return computed / (stated_b * 1e9) - 1.0; };
    if (stated_.params_total_b) {
      const double error = off(c.total, *stated_.params_total_b);
      if (std::abs(error) > disagreement) note_disagreement("parameters", c.total, *stated_.params_total_b, error);
    }
    if (stated_.params_active_b) {
      const double with = off(c.active, *stated_.params_active_b);
      const double without = off(c.active_non_embedding(), *stated_.params_active_b);
      const bool between = with >= 0.0 && without <= 0.0;
      const double error = std::abs(with) < std::abs(without) ? with : without;
      if (!between && std::abs(error) > disagreement && stated_.params_active_b != stated_.params_total_b) {
        note_disagreement("active parameters", c.active, *stated_.params_active_b, error);
      }
    }
  }

  void note_disagreement(std::string_view what, double computed, double stated_b, double error) {
    model_.notes.push_back(fmt::format("the structure has {:.4g} B {}, the file states {:.4g} B ({:+.1f} %)",
                                       computed / 1e9, what, stated_b, error * 100.0));
  }

  const StatedModel& stated_;
  const json::Cursor& at_;
  Model model_;
  bool good_ = true;
};

}  // namespace

std::optional<Model> model_from(const StatedModel& stated, const json::Cursor& at) {
  return Builder(stated, at).build();
}

std::optional<Model> read_native_model(const json::Cursor& at) {
  const std::optional<StatedModel> stated = read_stated_model(at);
  if (!stated) return std::nullopt;
  return model_from(*stated, at);
}

bool states_structure(const StatedModel& stated) {
  return stated.layers && stated.hidden && stated.heads && stated.vocab && (stated.ffn || stated.expert_ffn);
}

void add_layer(ModelSpec& spec, const Layer& layer) {
  auto kind = std::find(spec.kinds.begin(), spec.kinds.end(), layer);
  if (kind == spec.kinds.end()) kind = spec.kinds.insert(kind, layer);
  spec.layer_kind.push_back(static_cast<std::uint16_t>(kind - spec.kinds.begin()));
}

}  // namespace sextant::models
