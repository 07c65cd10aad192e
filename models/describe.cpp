// SPDX-License-Identifier: Apache-2.0
#include "models/describe.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sextant::models {

std::string layer_kind_name(const Layer& layer) {
  const bool moe = layer.mlp.kind == Mlp::Kind::moe;
  std::string name = layer.mlp.kind == Mlp::Kind::none ? "no mlp" : (moe ? "moe" : "dense");
  if (!layer.has_attention) return name + ", no attention";
  if (layer.attention.index_heads > 0) {
    name += fmt::format(", best {} keys", layer.attention.index_topk);
  } else if (layer.attention.window > 0) {
    name += fmt::format(", {} {}", layer.attention.chunked_window ? "chunk" : "window", layer.attention.window);
  }
  return name;
}

std::string attention_name(const Attention& a) {
  if (a.kind == Attention::Kind::latent) {
    return fmt::format("mla {} x {}/{}, kv {}", a.heads, a.head_dim, a.v_head_dim, a.kv_lora_rank);
  }
  const std::string width =
      a.head_dim == a.v_head_dim ? fmt::format("{}", a.head_dim) : fmt::format("{}/{}", a.head_dim, a.v_head_dim);
  if (a.kv_heads == a.heads) return fmt::format("mha {} x {}", a.heads, width);
  return fmt::format("{} {}/{} x {}", a.kv_heads == 1 ? "mqa" : "gqa", a.heads, a.kv_heads, width);
}

std::vector<LayerGroup> layer_groups(const ModelSpec& model) {
  std::vector<LayerGroup> groups;
  for (int i = 0; i < model.layers(); ++i) {
    const std::size_t index = model.layer_kind[static_cast<std::size_t>(i)];
    const auto known =
        std::find_if(groups.begin(), groups.end(), [&](const LayerGroup& g) { return g.index == index; });
    if (known != groups.end()) {
      ++known->count;
      continue;
    }
    const Layer& layer = model.kinds[index];
    groups.push_back({layer_kind_name(layer), 1, i, index, parameters(model, layer)});
  }
  return groups;
}

}  // namespace sextant::models
