// SPDX-License-Identifier: Apache-2.0
#include "sim/run/layer_kernels.hpp"

#include <vector>

#include "base/json/shape.hpp"

namespace sextant::json {

template <>
struct ShapeOf<sim::KernelTraffic> {
  static const Shape<sim::KernelTraffic>& get() {
    using T = sim::KernelTraffic;
    static const Shape<T> shape = Shape<T>("traffic of kernels")
                                      .required("forward", &T::forward, "bytes an element", non_negative(200))
                                      .required("backward", &T::backward, "bytes an element", non_negative(200));
    return shape;
  }
};

template <>
struct ShapeOf<sim::LayerTraffic> {
  static const Shape<sim::LayerTraffic>& get() {
    using T = sim::LayerTraffic;
    static const Shape<T> shape =
        Shape<T>("traffic of a layer's element-wise kernels")
            .required("norm", &T::norm, "an element of the hidden state and norm")
            .required("residual", &T::residual, "an element of the hidden state and block")
            .required("qkv", &T::qkv, "an element of queries, keys and values")
            .required("rope", &T::rope, "an element of rotated queries and keys")
            .required("attention_out", &T::attention_out, "an element of attention's output")
            .required("gated", &T::gated, "an element of a gated MLP's width")
            .required("plain", &T::plain, "an element of a plain MLP's width")
            .required("expert_bias", &T::expert_bias, "an element that biased experts return");
    return shape;
  }
};

template <>
struct ShapeOf<sim::LayerKernels> {
  static const Shape<sim::LayerKernels>& get() {
    using K = sim::LayerKernels;
    static const Shape<K> shape = Shape<K>("element-wise kernels of a layer")
                                      .ignored("format", "sextant/layer-kernels/1")
                                      .required("id", &K::id, "name in stacks")
                                      .required("title", &K::title, "name for people")
                                      .required("bytes", &K::traffic, "HBM bytes an element of 16 bits")
                                      .required("source", &K::source, "how it was counted");
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim {

namespace {

constexpr std::string_view folder = "sim/data/kernels/";

}  // namespace

std::optional<LayerKernels> find_layer_kernels(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                               const Diagnostic& place) {
  std::vector<std::string> names;
  for (const std::string& path : catalogue.list(folder)) {
    const std::string stem = path.substr(folder.size(), path.size() - folder.size() - 5);
    names.push_back(stem);
    if (folded_id(stem) != folded_id(id)) continue;
    const auto node = json::parse(*catalogue.text(path), path, faults);
    LayerKernels kernels;
    if (!node || !json::ShapeOf<LayerKernels>::get().read(json::Cursor(*node, path, faults), kernels)) return {};
    return kernels;
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  Diagnostic d = place;
  d.message = "no table of layer kernels \"" + std::string(id.substr(0, 80)) + "\"";
  d.hint = did_you_mean(id, views);
  faults.add(std::move(d));
  return std::nullopt;
}

}  // namespace sextant::sim
