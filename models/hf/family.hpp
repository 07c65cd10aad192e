// SPDX-License-Identifier: Apache-2.0
// What each Hugging Face architecture calls the properties of a model, and what its class assumes when a key is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sextant::models::hf {

class Config;
struct Draft;

/// Fallbacks of a number that are not numbers.
inline constexpr int required = -1;
inline constexpr int same_as_heads = -2;      ///< key-value heads
inline constexpr int hidden_over_heads = -3;  ///< head width
inline constexpr int four_hidden = -4;        ///< MLP width
inline constexpr int same_as_ffn = -5;        ///< expert width
inline constexpr int set_by_adjust = -6;      ///< left to the family's `adjust`

/// An integer property: its keys ("a|b" are synonyms, "a.b" is nested) and what the class assumes without them.
struct Number {
  std::string_view keys;
  int fallback = required;
};

/// A yes-or-no property. Without keys it is a constant of the class.
struct Switch {
  std::string_view keys;
  bool fallback = false;
};

enum class QkNorm : std::uint8_t { none, head, full };

/// Which layers are MoE.
enum class MoePattern : std::uint8_t {
  none,
  every_layer,
  after_dense,         ///< from first_k_dense_replace on, each moe_layer_freq-th, or a 0/1 list
  sparse_step,         ///< each decoder_sparse_step-th, except mlp_only_layers
  interleave,          ///< each interleave_moe_layer_step-th, or the list moe_layers
  start_end_interval,  ///< moe_layer_start_index .. moe_layer_end_index, each moe_layer_interval-th
};

/// Which layers see a window only. A `layer_types` list overrides all of these.
enum class WindowPattern : std::uint8_t {
  none,
  every_layer,     ///< sliding_window
  behind_layer,    ///< sliding_window from max_window_layers on, if use_sliding_window
  every_other,     ///< sliding_window, the first layer and every second one (Gemma 2)
  all_but_nth,     ///< sliding_window, except each sliding_window_pattern-th (Gemma 3: 6)
  chunks_but_nth,  ///< attention_chunk_size, except each no_rope_layer_interval-th (Llama 4: 4)
};

/// One architecture. The defaults are those of Llama, whose key names most others share.
struct Family {
  std::string_view architectures{};  ///< "A|B": entries of `architectures`
  std::string_view model_types{};    ///< used only where a file has no `architectures`

  Number layers{"num_hidden_layers"};
  Number hidden{"hidden_size"};
  Number vocab{"vocab_size"};
  Number heads{"num_attention_heads"};
  Number kv_heads{"num_key_value_heads", same_as_heads};
  Number head_dim{"head_dim", hidden_over_heads};
  Number ffn{"intermediate_size"};
  Number learned_positions{"", 0};
  Number mtp{"", 0};

  bool latent = false;   ///< multi-head latent attention: kv_lora_rank, q_lora_rank, ...
  bool indexer = false;  ///< DeepSeek sparse attention: index_n_heads, index_head_dim, index_topk
  bool gated = true;
  int norm_vectors = 1;  ///< 1: scale, 2: scale and shift
  Switch qkv_bias{"attention_bias", false};
  Switch output_bias{"attention_bias", false};
  Switch mlp_bias{"mlp_bias", false};
  Switch head_bias{};
  Switch tied{"tie_word_embeddings", false};
  Switch uses_qk_norm{};
  QkNorm qk_norm = QkNorm::none;  ///< which kind, where used
  bool sinks = false;
  bool embedding_norm = false;
  int norms = 2;

  MoePattern moe = MoePattern::none;
  Number experts{};
  Number top_k{"num_experts_per_tok"};
  Number expert_ffn{"moe_intermediate_size"};
  Number shared_experts{"", 0};  ///< how many, each of the expert's width
  Number shared_ffn{"", 0};      ///< or one, of this width
  bool shared_gate = false;
  Switch router_bias{};

  WindowPattern windows = WindowPattern::none;

  std::string_view understood{};              ///< further keys that need no reading here: "a|b"
  void (*adjust)(Config&, Draft&) = nullptr;  ///< what no row can say
};

/// All architectures that are read.
[[nodiscard]] std::span<const Family> families();

/// The family of an architecture name, or of a model_type; nullptr when there is none.
[[nodiscard]] const Family* find_family(std::string_view architecture);
[[nodiscard]] const Family* find_family_of_type(std::string_view model_type);

/// The items of an "a|b" list.
template <class F>
void for_each_word(std::string_view words, F f) {
  while (!words.empty()) {
    const std::size_t bar = words.find('|');
    f(words.substr(0, bar));
    words = bar == std::string_view::npos ? std::string_view{} : words.substr(bar + 1);
  }
}

}  // namespace sextant::models::hf
