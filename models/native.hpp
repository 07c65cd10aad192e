// SPDX-License-Identifier: Apache-2.0
// Sextant's own model format: the "model" object of a run, of an observation, of a claim and of the catalogue's files.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json/cursor.hpp"
#include "models/model.hpp"

namespace sextant::models {

enum class StatedKind { dense, moe };
enum class StatedAttention { mha, gqa, mla };
enum class StatedNorm { rmsnorm, layernorm };
enum class StatedQkNorm { none, head, full };

/// Widths of multi-head latent attention (arXiv:2405.04434).
struct StatedLatent {
  std::optional<int> q_lora_rank;  ///< absent: queries are projected directly
  int kv_lora_rank = 0;
  int qk_nope_head_dim = 0;
  int qk_rope_head_dim = 0;
  int v_head_dim = 0;
};

/// The model object as written. A claim states only some of it, so nothing but the name must be there; `model_from`
/// says what a whole model still needs.
struct StatedModel {
  std::string name;
  std::string title;
  std::string hf_id;
  std::vector<std::string> aliases;
  std::optional<StatedKind> kind;

  std::optional<int> layers;
  std::optional<int> hidden;
  std::optional<int> vocab;
  std::optional<bool> tied_embeddings;

  std::optional<StatedAttention> attention;
  std::optional<int> heads;
  std::optional<int> kv_heads;
  std::optional<int> head_dim;
  std::optional<StatedLatent> mla;
  std::optional<int> sliding_window;
  std::optional<int> sliding_window_every;
  std::optional<int> full_attention_every;
  std::optional<int> attention_chunk;

  std::optional<int> ffn;
  std::optional<bool> gated_ffn;
  std::optional<int> experts;
  std::optional<int> experts_per_token;
  std::optional<int> expert_ffn;
  std::optional<int> shared_experts;
  std::optional<int> shared_expert_ffn;
  std::optional<int> dense_layers;
  std::optional<int> moe_every;
  std::optional<int> mtp_layers;

  std::optional<StatedNorm> norm;
  int norms_per_layer = 2;
  bool qkv_bias = false;
  bool output_bias = false;
  bool mlp_bias = false;
  StatedQkNorm qk_norm = StatedQkNorm::none;
  bool attention_sinks = false;
  bool output_gate = false;
  bool shared_expert_gate = false;
  bool router_bias = false;
  int learned_positions = 0;
  int token_types = 0;
  bool embedding_norm = false;
  bool head_bias = false;

  std::optional<double> params_total_b;
  std::optional<double> params_active_b;
  std::vector<std::string> notes;
  std::map<std::string, Source> sources;
};

/// Reads the keys; unknown ones and values out of range are faults.
[[nodiscard]] std::optional<StatedModel> read_stated_model(const json::Cursor& at);

/// Builds the structure. Reports at `at` every key that is missing or contradicts another; what is assumed or derived
/// stands in the model's notes and provenance, and so does a stated parameter count that differs by more than 3 %.
[[nodiscard]] std::optional<Model> model_from(const StatedModel& stated, const json::Cursor& at);

/// Both steps.
[[nodiscard]] std::optional<Model> read_native_model(const json::Cursor& at);

/// Whether the object states enough structure to be built without a catalogue.
[[nodiscard]] bool states_structure(const StatedModel& stated);

/// Appends a layer, reusing an equal kind.
void add_layer(ModelSpec& spec, const Layer& layer);

}  // namespace sextant::models
