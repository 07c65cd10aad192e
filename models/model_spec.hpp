// SPDX-License-Identifier: Apache-2.0
// A transformer as a list of per-layer descriptors: what each layer's token mixer and channel mixer are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sextant::models {

/// The token mixer of one layer. Multi-head attention is grouped-query attention with kv_heads == heads.
struct Attention {
  enum class Kind : std::uint8_t { grouped_query, latent };

  Kind kind = Kind::grouped_query;
  int heads = 0;
  int kv_heads = 0;             ///< equals `heads` for latent attention
  int head_dim = 0;             ///< of queries and keys; latent: qk_nope_head_dim + qk_rope_head_dim
  int v_head_dim = 0;           ///< of values; equals head_dim for grouped-query attention
  int window = 0;               ///< keys a query sees (sliding window); 0: all earlier ones
  bool chunked_window = false;  ///< the window is the query's own chunk of that length (Llama 4)

  int q_lora_rank = 0;  ///< latent only; 0: queries are projected directly
  int kv_lora_rank = 0;
  int qk_nope_head_dim = 0;
  int qk_rope_head_dim = 0;

  /// DeepSeek sparse attention: `index_heads` narrow heads score all keys, and attention runs over the best
  /// `index_topk` of them; `window` is then index_topk, because a query sees as many keys as with a window of that
  /// size.
  int index_heads = 0;  ///< 0: none
  int index_head_dim = 0;
  int index_topk = 0;

  bool qkv_bias = false;
  bool output_bias = false;
  bool qk_norm = false;       ///< a norm over each query and key head
  bool full_qk_norm = false;  ///< a norm over all query (key) heads at once (OLMo 2, OLMoE)
  bool sinks = false;         ///< one learned logit a head (GPT-OSS)
  bool output_gate = false;   ///< a gate of the output's width, projected from the input

  bool operator==(const Attention&) const = default;
};

/// The channel mixer of one layer.
struct Mlp {
  enum class Kind : std::uint8_t { none, dense, moe };

  Kind kind = Kind::dense;
  bool gated = true;  ///< three matrices (SwiGLU, GeGLU) instead of two
  bool bias = false;
  int ffn = 0;  ///< width of the dense MLP

  int experts = 0;
  int experts_per_token = 0;
  int expert_ffn = 0;
  int shared_ffn = 0;        ///< summed width of the shared experts, or of a dense MLP beside the experts; 0: none
  bool shared_gate = false;  ///< a scalar gate on the shared expert (Qwen2-MoE)
  bool router_bias = false;

  bool operator==(const Mlp&) const = default;
};

/// One distinct layer and how its norms are counted.
struct Layer {
  Attention attention;
  Mlp mlp;
  int norms = 2;              ///< norm layers of width `hidden`
  bool has_attention = true;  ///< false: an MLP-only layer

  bool operator==(const Layer&) const = default;
};

/// A model as it is trained. Widths are in elements, the embedding is `vocab` x `hidden`.
struct ModelSpec {
  std::string name;
  int hidden = 0;
  int vocab = 0;
  bool tied_embeddings = false;
  int learned_positions = 0;    ///< rows of a learned position embedding; 0: none
  int token_types = 0;          ///< rows of further embeddings of width hidden
  int norm_vectors = 1;         ///< 1: RMSNorm (scale), 2: LayerNorm (scale and shift)
  bool embedding_norm = false;  ///< a norm behind the embedding (BLOOM)
  bool head_bias = false;
  int mtp_layers = 0;  ///< multi-token-prediction modules behind the last layer, each one layer
  int mtp_kind = -1;   ///< an index into `kinds`: what layer an MTP module is; -1: the last layer's kind

  std::vector<Layer> kinds;               ///< distinct layers
  std::vector<std::uint16_t> layer_kind;  ///< per layer, front to back, an index into `kinds`

  [[nodiscard]] int layers() const { return static_cast<int>(layer_kind.size()); }
  [[nodiscard]] const Layer& layer(int i) const { return kinds[layer_kind[static_cast<std::size_t>(i)]]; }
  /// The layer of an MTP module. Only for models that have layers.
  [[nodiscard]] const Layer& mtp_layer() const { return kinds[mtp_kind_or_last()]; }
  [[nodiscard]] std::size_t mtp_kind_or_last() const {
    return mtp_kind >= 0 ? static_cast<std::size_t>(mtp_kind) : layer_kind.back();
  }
  [[nodiscard]] bool has_experts() const {
    for (const Layer& k : kinds) {
      if (k.mlp.kind == Mlp::Kind::moe) return true;
    }
    return false;
  }
};

}  // namespace sextant::models
