// SPDX-License-Identifier: Apache-2.0
// The keys of the native model object.
#include "models/native_shape.hpp"
#include "base/json/shape.hpp"
#include "models/native.hpp"
#include "models/schemas.hpp"

namespace sextant::json {

template <>
struct EnumNames<models::StatedKind> {
  static constexpr std::array<std::pair<std::string_view, models::StatedKind>, 2> table{
      {{"dense", models::StatedKind::dense}, {"moe", models::StatedKind::moe}}};
};

template <>
struct EnumNames<models::StatedAttention> {
  static constexpr std::array<std::pair<std::string_view, models::StatedAttention>, 4> table{
      {{"mha", models::StatedAttention::mha},
       {"gqa", models::StatedAttention::gqa},
       {"mla", models::StatedAttention::mla},
       {"mqa", models::StatedAttention::gqa}}};
};

template <>
struct EnumNames<models::StatedNorm> {
  static constexpr std::array<std::pair<std::string_view, models::StatedNorm>, 2> table{
      {{"rmsnorm", models::StatedNorm::rmsnorm}, {"layernorm", models::StatedNorm::layernorm}}};
};

template <>
struct EnumNames<models::StatedQkNorm> {
  static constexpr std::array<std::pair<std::string_view, models::StatedQkNorm>, 3> table{
      {{"none", models::StatedQkNorm::none},
       {"head", models::StatedQkNorm::head},
       {"full", models::StatedQkNorm::full}}};
};

template <>
struct ShapeOf<models::StatedLatent> {
  static const Shape<models::StatedLatent>& get();
};

namespace {

// Bounds that no transformer comes near and no allocation suffers from.
constexpr Range width = between(1, 1 << 20);
constexpr Range rows = between(0, 1 << 24);
constexpr Range layer_count = between(1, 4096);
constexpr Range head_count = between(1, 1 << 16);
constexpr Range head_width = between(1, 1 << 13);
constexpr Range count = between(0, 1 << 14);

void add_structure(Shape<models::StatedModel>& shape) {
  using M = models::StatedModel;
  shape.optional("layers", &M::layers, "transformer layers, without MTP modules", layer_count)
      .optional("hidden", &M::hidden, "width of the residual stream", width)
      .optional("heads", &M::heads, "query heads", head_count)
      .optional("kv_heads", &M::kv_heads, "key-value heads; absent with mha and mla: heads", head_count)
      .optional("head_dim", &M::head_dim, "width of a query and key head; absent: hidden / heads", head_width)
      .optional("ffn", &M::ffn, "width of the dense MLP", between(0, 1 << 20))
      .optional("gated_ffn", &M::gated_ffn, "three matrices (SwiGLU, GeGLU) instead of two")
      .optional("vocab", &M::vocab, "rows of the embedding, as padded", between(1, 1 << 24))
      .optional("tied_embeddings", &M::tied_embeddings, "the head is the embedding's matrix; absent: false")
      .optional("attention", &M::attention, "mha, gqa (mqa is gqa with one key-value head) or mla")
      .optional("mla", &M::mla, "widths of latent attention")
      .optional("experts", &M::experts, "routed experts of an MoE layer", count)
      .optional("experts_per_token", &M::experts_per_token, "routed experts a token uses", count)
      .optional("expert_ffn", &M::expert_ffn, "width of one routed expert", between(1, 1 << 16))
      .optional("shared_experts", &M::shared_experts, "experts that every token uses", between(0, 1000))
      .optional("shared_expert_ffn", &M::shared_expert_ffn, "width of one shared expert; absent: expert_ffn",
                between(1, 1 << 17))
      .optional("dense_layers", &M::dense_layers, "leading layers with a dense MLP", between(0, 4096))
      .optional("moe_every", &M::moe_every, "behind the dense layers, every n-th layer is MoE; absent: 1", layer_count)
      .optional("mtp_layers", &M::mtp_layers, "multi-token-prediction modules", between(0, 64))
      .optional("sliding_window", &M::sliding_window, "keys a windowed layer sees", width)
      .optional("sliding_window_every", &M::sliding_window_every,
                "every n-th layer, the first included, is windowed; absent: all", layer_count)
      .optional("full_attention_every", &M::full_attention_every,
                "every n-th layer sees all keys, the others are windowed", layer_count)
      .optional("attention_chunk", &M::attention_chunk,
                "windowed layers see their own chunk of this many keys instead of a sliding window", width);
}

void add_details(Shape<models::StatedModel>& shape) {
  using M = models::StatedModel;
  shape.optional("norm", &M::norm, "rmsnorm or layernorm; absent: rmsnorm with a gated MLP, else layernorm")
      .optional("norms_per_layer", &M::norms_per_layer, "norms of width hidden in a layer", between(0, 8))
      .optional("qkv_bias", &M::qkv_bias, "biases on q, k and v")
      .optional("output_bias", &M::output_bias, "a bias on the attention output")
      .optional("mlp_bias", &M::mlp_bias, "biases in the MLP")
      .optional("qk_norm", &M::qk_norm, "norm on queries and keys: none, head (each head), full (all heads at once)")
      .optional("attention_sinks", &M::attention_sinks, "one learned logit a head")
      .optional("output_gate", &M::output_gate, "a gate on the attention output, projected from the input")
      .optional("shared_expert_gate", &M::shared_expert_gate, "a scalar gate on the shared expert")
      .optional("router_bias", &M::router_bias, "a bias an expert in the router")
      .optional("learned_positions", &M::learned_positions, "rows of a learned position embedding", rows)
      .optional("token_types", &M::token_types, "rows of further embeddings", rows)
      .optional("embedding_norm", &M::embedding_norm, "a norm behind the embedding")
      .optional("head_bias", &M::head_bias, "a bias on the output head");
}

}  // namespace

const Shape<models::StatedLatent>& ShapeOf<models::StatedLatent>::get() {
  using L = models::StatedLatent;
  static const Shape<L> shape =
      Shape<L>("mla")
          .optional("q_lora_rank", &L::q_lora_rank, "width of the query latent; absent: none", width)
          .required("kv_lora_rank", &L::kv_lora_rank, "width of the key-value latent", width)
          .required("qk_nope_head_dim", &L::qk_nope_head_dim, "head width without position", head_width)
          .required("qk_rope_head_dim", &L::qk_rope_head_dim, "head width with rotary position", head_width)
          .required("v_head_dim", &L::v_head_dim, "width of a value head", head_width);
  return shape;
}

const Shape<models::StatedModel>& ShapeOf<models::StatedModel>::get() {
  using M = models::StatedModel;
  static const Shape<M> shape = [] {
    Shape<M> s("model");
    s.ignored("format", "sextant/model/1")
        .required("name", &M::name, "id of the model")
        .optional("title", &M::title, "name as its publisher writes it")
        .optional("aliases", &M::aliases, "further ids people write")
        .optional("hf_id", &M::hf_id, "repository on Hugging Face")
        .optional("kind", &M::kind, "dense or moe");
    add_structure(s);
    add_details(s);
    s.optional("params_total_b", &M::params_total_b, "published total, in billions; a cross-check", positive())
        .optional("params_active_b", &M::params_active_b, "published active, in billions; a cross-check", positive())
        .optional("notes", &M::notes, "remarks shown beside results")
        .optional("sources", &M::sources, "by key; the key \"\" stands for all others");
    return s;
  }();
  return shape;
}

}  // namespace sextant::json

namespace sextant::models {

std::optional<StatedModel> read_stated_model(const json::Cursor& at) {
  StatedModel stated;
  if (!json::ShapeOf<StatedModel>::get().read(at, stated)) return std::nullopt;
  return stated;
}

nlohmann::ordered_json model_schema() { return json::ShapeOf<StatedModel>::get().schema(); }

}  // namespace sextant::models
