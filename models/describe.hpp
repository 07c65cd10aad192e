// SPDX-License-Identifier: Apache-2.0
// A model in words and rows, for listings.
#pragma once

#include <string>
#include <vector>

#include "models/counts.hpp"
#include "models/model_spec.hpp"

namespace sextant::models {

/// The layers of one kind.
struct LayerGroup {
  std::string kind;  ///< e.g. "dense", "moe", "moe, window 128"
  int count = 0;
  int first = 0;               ///< the first layer of the kind, from 0
  std::size_t index = 0;       ///< in ModelSpec::kinds
  LayerParameters parameters;  ///< of one layer
};

/// One row a distinct layer, in the order in which they first occur.
[[nodiscard]] std::vector<LayerGroup> layer_groups(const ModelSpec& model);

/// A layer's mixers in words.
[[nodiscard]] std::string layer_kind_name(const Layer& layer);

/// The attention in words, e.g. "gqa 32/8 x 128", "mla 128 x 192/128, kv 512".
[[nodiscard]] std::string attention_name(const Attention& attention);

}  // namespace sextant::models
