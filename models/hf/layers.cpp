// SPDX-License-Identifier: Apache-2.0
#include "models/hf/layers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sextant::models::hf {

namespace {

/// A key that counts layers, with the default of its class.
int step(Config& c, std::string_view key, int fallback, int min = 1) {
  return c.integer(key, {min, layer_bounds.max}).value_or(fallback);
}

/// DeepSeek: dense up to first_k_dense_replace, then each moe_layer_freq-th; or a 0/1 list.
void after_dense(Config& c, Draft& d) {
  const auto count = static_cast<std::size_t>(d.layers);
  const json::Node* frequency = c.find("moe_layer_freq");
  const int dense = step(c, "first_k_dense_replace", 0, 0);
  if (frequency != nullptr && frequency->type == json::Type::array) {
    if (const auto list = c.integers("moe_layer_freq", count)) {
      for (std::size_t i = 0; i < count; ++i) d.moe_layer[i] = (*list)[i] != 0;
    }
    return;
  }
  const int every = step(c, "moe_layer_freq", 1);
  for (int i = 0; i < d.layers; ++i) d.moe_layer[static_cast<std::size_t>(i)] = i >= dense && i % every == 0;
}

void sparse_step(Config& c, Draft& d) {
  const int every = step(c, "decoder_sparse_step", 1);
  const std::vector<int> dense = c.integers("mlp_only_layers", 0).value_or(std::vector<int>{});
  for (int i = 0; i < d.layers; ++i) {
    const bool listed = std::find(dense.begin(), dense.end(), i) != dense.end();
    d.moe_layer[static_cast<std::size_t>(i)] = !listed && (i + 1) % every == 0;
  }
}

void interleave(Config& c, Draft& d) {
  if (const auto list = c.integers("moe_layers", 0)) {
    for (const int i : *list) {
      if (i < 0 || i >= d.layers) return c.fault("moe_layers", fmt::format("names layer {} of {}", i, d.layers));
      d.moe_layer[static_cast<std::size_t>(i)] = true;
    }
    c.understand("interleave_moe_layer_step");
    return;
  }
  const int every = step(c, "interleave_moe_layer_step", 1);
  for (int i = 0; i < d.layers; ++i) d.moe_layer[static_cast<std::size_t>(i)] = (i + 1) % every == 0;
}

void start_end_interval(Config& c, Draft& d) {
  const int start = step(c, "moe_layer_start_index", 0, 0);
  const int end = c.integer("moe_layer_end_index", {-1, layer_bounds.max}).value_or(-1);
  const int every = step(c, "moe_layer_interval", 1);
  const int last = end < 0 ? d.layers - 1 : end;
  for (int i = start; i <= std::min(last, d.layers - 1); ++i) {
    d.moe_layer[static_cast<std::size_t>(i)] = (i + 1) % every == 0;
  }
}

/// A list of kinds by layer; overrides the class's own pattern.
void typed_layers(Config& c, const json::Node& types, Draft& d) {
  if (types.items.size() != d.window.size()) {
    return c.fault("layer_types", fmt::format("has {} items for {} layers", types.items.size(), d.layers));
  }
  std::optional<int> window;
  for (std::size_t i = 0; i < types.items.size(); ++i) {
    const std::string& type = types.items[i].string;
    if (type == "full_attention") continue;
    if (type != "sliding_attention" && type != "chunked_attention") {
      return c.fault("layer_types", fmt::format("\"{}\" is not a kind of layer that Sextant models", type),
                     "it models full_attention, sliding_attention and chunked_attention");
    }
    d.chunked = type == "chunked_attention";
    if (!window) window = c.integer(d.chunked ? "attention_chunk_size" : "sliding_window|sliding_window_size");
    if (!window) return c.missing(d.chunked ? "attention_chunk_size" : "sliding_window");
    d.window[i] = *window;
  }
}

/// Llama 4's no_rope_layers holds 1 for a layer with rotary positions, which sees its chunk, and 0 for one that sees
/// all keys. An empty list leaves the layers to the interval.
bool rotary_layers(Config& c, const std::optional<int>& window, Draft& d) {
  const json::Node* list = c.find("no_rope_layers");
  if (list == nullptr || list->items.empty()) return false;
  const auto rotary = c.integers("no_rope_layers", d.window.size());
  for (std::size_t i = 0; rotary && i < rotary->size(); ++i) {
    d.window[i] = (*rotary)[i] != 0 ? window.value_or(0) : 0;
  }
  return true;
}

/// Whether layer `i` is windowed, for the patterns that a step or a boundary describes.
bool windowed(WindowPattern pattern, int i, int boundary) {
  switch (pattern) {
    case WindowPattern::none: return false;
    case WindowPattern::every_layer: return true;
    case WindowPattern::behind_layer: return i >= boundary;
    case WindowPattern::every_other: return i % 2 == 0;
    case WindowPattern::all_but_nth:
    case WindowPattern::chunks_but_nth: return (i + 1) % boundary != 0;
  }
  return false;
}

}  // namespace

void read_moe_layers(Config& c, const Family& family, Draft& d) {
  d.moe_layer.assign(static_cast<std::size_t>(d.layers), family.moe == MoePattern::every_layer);
  switch (family.moe) {
    case MoePattern::none:
    case MoePattern::every_layer: return;
    case MoePattern::after_dense: return after_dense(c, d);
    case MoePattern::sparse_step: return sparse_step(c, d);
    case MoePattern::interleave: return interleave(c, d);
    case MoePattern::start_end_interval: return start_end_interval(c, d);
  }
}

void read_windows(Config& c, const Family& family, Draft& d) {
  d.window.assign(static_cast<std::size_t>(d.layers), 0);
  if (const json::Node* types = c.find("layer_types"); types != nullptr && types->type == json::Type::array) {
    c.understand(
        "sliding_window|sliding_window_size|sliding_window_pattern|use_sliding_window|max_window_layers|"
        "attention_chunk_size|no_rope_layers|no_rope_layer_interval");
    return typed_layers(c, *types, d);
  }
  int boundary = 0;
  std::optional<int> window;
  switch (family.windows) {
    case WindowPattern::none: return;
    case WindowPattern::every_layer: window = c.integer("sliding_window|sliding_window_size"); break;
    case WindowPattern::behind_layer: {
      const bool used = c.boolean("use_sliding_window").value_or(false);
      boundary = c.integer("max_window_layers", {0, layer_bounds.max}).value_or(28);
      window = c.integer("sliding_window");
      if (!used) return;
      break;
    }
    case WindowPattern::every_other: window = c.integer("sliding_window|sliding_window_size"); break;
    case WindowPattern::all_but_nth:
      window = c.integer("sliding_window|sliding_window_size");
      boundary = c.integer("sliding_window_pattern|_sliding_window_pattern").value_or(6);
      break;
    case WindowPattern::chunks_but_nth:
      window = c.integer("attention_chunk_size");
      boundary = c.integer("no_rope_layer_interval").value_or(4);
      d.chunked = true;
      if (rotary_layers(c, window, d)) return;
      break;
  }
  if (!window) return;
  for (int i = 0; i < d.layers; ++i) {
    if (windowed(family.windows, i, boundary)) d.window[static_cast<std::size_t>(i)] = *window;
  }
}

}  // namespace sextant::models::hf
