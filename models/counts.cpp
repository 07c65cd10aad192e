// SPDX-License-Identifier: Apache-2.0
#include "models/counts.hpp"

#include <algorithm>

namespace sextant::models {

namespace {

constexpr double multiply_add = 2.0;           // FLOPs
constexpr double backward_over_forward = 2.0;  // input gradient and weight gradient, one product each
constexpr double bytes_bf16 = 2.0;

/// Weights of the attention projections, without biases and norms.
///
/// Grouped query: q and o are hidden x (heads d), k and v are hidden x (kv_heads d).
/// Latent (arXiv:2405.04434, equations 9-19; names of the released code): q_a hidden x q_rank and q_b q_rank x heads
/// (nope + rope), or one q matrix when there is no q rank; kv_a hidden x (kv_rank + rope), where rope is the key part
/// that all heads share; kv_b kv_rank x heads (nope + v); o heads v x hidden.
double projection_weights(double hidden, const Attention& a) {
  const double heads = a.heads;
  const double gate = a.output_gate ? hidden * heads * a.v_head_dim : 0.0;
  const double output = heads * a.v_head_dim * hidden;
  if (a.kind == Attention::Kind::latent) {
    const double query_width = heads * a.head_dim;
    const double query = a.q_lora_rank > 0 ? a.q_lora_rank * (hidden + query_width) : hidden * query_width;
    const double key_value =
        hidden * (a.kv_lora_rank + a.qk_rope_head_dim) + a.kv_lora_rank * heads * (a.qk_nope_head_dim + a.v_head_dim);
    return query + key_value + output + gate;
  }
  return hidden * (heads * a.head_dim + static_cast<double>(a.kv_heads) * (a.head_dim + a.v_head_dim)) + output + gate;
}

/// Weights of sparse attention's indexer (DeepSeek-V3.2, model.py of the release): its queries from the query latent,
/// one key for all heads, and a weight a head from the hidden state.
double indexer_weights(double hidden, const Attention& a) {
  const double queries = static_cast<double>(a.index_heads) * a.index_head_dim;
  return a.index_heads > 0
             ? (a.q_lora_rank > 0 ? a.q_lora_rank : hidden) * queries + hidden * (a.index_head_dim + a.index_heads)
             : 0.0;
}

/// Biases of q, k, v and the sink logits: one a head, so they are split with the heads.
double head_vectors(const Attention& a) {
  double n = a.sinks ? a.heads : 0.0;
  if (!a.qkv_bias) return n;
  if (a.kind == Attention::Kind::latent) return n + a.q_lora_rank + a.kv_lora_rank + a.qk_rope_head_dim;
  return n + static_cast<double>(a.heads) * a.head_dim + static_cast<double>(a.kv_heads) * (a.head_dim + a.v_head_dim);
}

/// Norms inside attention and the bias behind it, which every rank holds. The latents carry one norm each; a norm over
/// each head is shared by all heads; OLMo's norm spans all heads at once.
double attention_norms(double hidden, const Attention& a, double norm_vectors) {
  double n = a.output_bias ? hidden : 0.0;
  if (a.kind == Attention::Kind::latent) n += a.q_lora_rank + a.kv_lora_rank;
  if (a.qk_norm) n += norm_vectors * 2.0 * a.head_dim;
  if (a.index_heads > 0) n += 2.0 * a.index_head_dim;  // a LayerNorm on the indexer's key
  if (a.full_qk_norm) n += norm_vectors * (static_cast<double>(a.heads) + a.kv_heads) * a.head_dim;
  return n;
}

double mlp_weights(double hidden, const Mlp& m, double width) { return (m.gated ? 3.0 : 2.0) * hidden * width; }

/// Biases of the matrices that widen; they are split with the width.
double mlp_bias(const Mlp& m, double width) { return m.bias ? (m.gated ? 2.0 : 1.0) * width : 0.0; }

double router_weights(double hidden, const Mlp& m) {
  return m.kind == Mlp::Kind::moe ? hidden * m.experts + (m.shared_gate ? hidden : 0.0) : 0.0;
}

/// The embedding-sized inputs of an MTP module: the projection of [hidden state, embedding] onto hidden.
double mtp_projection(double hidden) { return 2.0 * hidden * hidden; }

/// Keys one query sees, averaged over a sequence. Causal: s/2 without a window; with a window w < s the first w queries
/// see w/2 on average and the others w, so w - w^2 / 2s. The full-square convention has no windows.
double mean_keys(const Attention& a, double seq_len, bool causal) {
  if (!causal) return seq_len;
  const double w = a.window;
  if (a.window <= 0 || w >= seq_len) return seq_len / 2.0;
  return a.chunked_window ? w / 2.0 : w - w * w / (2.0 * seq_len);
}

/// Forward FLOPs of the two products of attention, per token: each key of each head costs head_dim multiply-adds for
/// the score and v_head_dim for the value. An indexer scores every key, whatever it then leaves to attention.
double attention_core(const Attention& a, double seq_len, bool causal) {
  const double index = static_cast<double>(a.index_heads) * a.index_head_dim * seq_len * (causal ? 0.5 : 1.0);
  return multiply_add *
         (a.heads * static_cast<double>(a.head_dim + a.v_head_dim) * mean_keys(a, seq_len, causal) + index);
}

/// Forward FLOPs of one layer for one token.
double layer_forward(const ModelSpec& model, const Layer& layer, double seq_len, bool causal) {
  const double hidden = model.hidden;
  double flops = 0.0;
  if (layer.has_attention) {
    const double weights = projection_weights(hidden, layer.attention) + indexer_weights(hidden, layer.attention);
    flops += multiply_add * weights + attention_core(layer.attention, seq_len, causal);
  }
  const Mlp& m = layer.mlp;
  if (m.kind != Mlp::Kind::none) {
    const double width =
        (m.kind == Mlp::Kind::moe ? m.experts_per_token * static_cast<double>(m.expert_ffn) + m.shared_ffn : m.ffn);
    flops += multiply_add * (mlp_weights(hidden, m, width) + router_weights(hidden, m));
  }
  return flops;
}

void add_mlp(LayerParameters& p, double hidden, const Mlp& m) {
  if (m.kind == Mlp::Kind::none) return;
  if (m.kind == Mlp::Kind::dense) {
    p.mlp += mlp_weights(hidden, m, m.ffn) + mlp_bias(m, m.ffn);
    p.norms += m.bias ? hidden : 0.0;
    return;
  }
  if (m.shared_ffn > 0) {
    p.mlp += mlp_weights(hidden, m, m.shared_ffn) + mlp_bias(m, m.shared_ffn);
    p.norms += m.bias ? hidden : 0.0;
  }
  const double expert = mlp_weights(hidden, m, m.expert_ffn) + mlp_bias(m, m.expert_ffn) + (m.bias ? hidden : 0.0);
  p.experts += m.experts * expert;
  p.active_experts += m.experts_per_token * expert;
  p.router += router_weights(hidden, m) + (m.router_bias ? m.experts : 0.0);
}

}  // namespace

LayerParameters parameters(const ModelSpec& model, const Layer& layer) {
  const double hidden = model.hidden;
  LayerParameters p;
  if (layer.has_attention) {
    p.attention = projection_weights(hidden, layer.attention) + indexer_weights(hidden, layer.attention) +
                  head_vectors(layer.attention);
    p.norms += attention_norms(hidden, layer.attention, model.norm_vectors);
  }
  add_mlp(p, hidden, layer.mlp);
  p.norms += layer.norms * hidden * model.norm_vectors;
  return p;
}

ParameterCounts parameter_counts(const ModelSpec& model) {
  const double hidden = model.hidden;
  const double vocab = model.vocab;
  ParameterCounts c;
  c.embedding = (vocab + model.learned_positions + model.token_types) * hidden;
  c.head = (model.tied_embeddings ? 0.0 : vocab * hidden) + (model.head_bias ? vocab : 0.0);
  std::vector<LayerParameters> per_kind;
  for (const Layer& kind : model.kinds) per_kind.push_back(parameters(model, kind));
  const double norm = hidden * model.norm_vectors;
  c.non_embedding = norm + (model.embedding_norm ? norm : 0.0);
  c.active = c.embedding + c.head + c.non_embedding;
  for (const std::uint16_t kind : model.layer_kind) {
    c.non_embedding += per_kind[kind].total();
    c.active += per_kind[kind].active();
  }
  c.total = c.embedding + c.head + c.non_embedding;
  c.active_without_embedding =
      c.active - (c.embedding - (model.tied_embeddings ? vocab * hidden : 0.0));  // a tied table is the head's matrix
  if (model.mtp_layers > 0 && !model.layer_kind.empty()) {
    // Each module: one layer, the projection, a norm on each of its two inputs and one before the shared head
    // (arXiv:2412.19437 section 2.2; the embedding and the head are the model's own).
    c.mtp = model.mtp_layers * (parameters(model, model.mtp_layer()).total() + mtp_projection(hidden) + 3.0 * norm);
  }
  return c;
}

Flops flops_per_token(const ModelSpec& model, int seq_len, FlopConvention convention) {
  const double seq = seq_len;
  std::vector<double> per_kind;
  for (const Layer& kind : model.kinds) per_kind.push_back(layer_forward(model, kind, seq, convention.causal));
  double layers = 0.0;
  for (const std::uint16_t kind : model.layer_kind) layers += per_kind[kind];
  const double head_matrix = multiply_add * static_cast<double>(model.vocab) * model.hidden;
  double ends = convention.head ? head_matrix : 0.0;
  if (convention.mtp && model.mtp_layers > 0 && !model.layer_kind.empty()) {
    layers += model.mtp_layers * (layer_forward(model, model.mtp_layer(), seq, convention.causal) +
                                  multiply_add * mtp_projection(model.hidden));
    ends += convention.head ? model.mtp_layers * head_matrix : 0.0;
  }
  // Full recompute repeats the forward of the layers, not of the head: the 96 B s l h^2 (1 + s/6h + V/16lh) of
  // arXiv:2104.04473 equation 3 is 4 x 24 for the layers and 3 x 2 for the head.
  const double forwards = 1.0 + backward_over_forward;
  return Flops{layers * (forwards + (convention.recompute ? 1.0 : 0.0)) + ends * forwards};
}

Flops six_n_flops_per_token(const ModelSpec& model) {
  return Flops{6.0 * parameter_counts(model).active_without_embedding};
}

Bytes kv_cache_per_token(const ModelSpec& model) {
  double elements = 0.0;
  for (const std::uint16_t kind : model.layer_kind) {
    const Layer& layer = model.kinds[kind];
    if (!layer.has_attention) continue;
    const Attention& a = layer.attention;
    if (a.kind == Attention::Kind::latent) {
      elements += a.kv_lora_rank + a.qk_rope_head_dim + a.index_head_dim;
    } else {
      elements += static_cast<double>(a.kv_heads) * (a.head_dim + a.v_head_dim);
    }
  }
  return Bytes{bytes_bf16 * elements};
}

}  // namespace sextant::models
