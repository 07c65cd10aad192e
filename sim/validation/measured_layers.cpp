// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/measured_layers.hpp"

#include "base/json/shape.hpp"

namespace sextant::json {

template <>
struct ShapeOf<sim::MeasuredLayer> {
  static const Shape<sim::MeasuredLayer>& get() {
    using L = sim::MeasuredLayer;
    static const Shape<L> shape = Shape<L>("measured layer")
                                      .required("model", &L::model, "catalogue id of the model")
                                      .required("gpu", &L::gpu, "the part, as its driver calls it")
                                      .required("tokens", &L::tokens, "of the one sequence", positive())
                                      .optional("precision", &L::precision, "of the products; default bf16")
                                      .optional("attention", &L::attention, "PyTorch's attention backend")
                                      .optional("grouped_mm", &L::grouped_mm, "experts as one grouped product")
                                      .optional("compiled", &L::compiled, "activation and rotation fused")
                                      .required("forward_ms", &L::forward, "median", positive().in_units_of(1e-3))
                                      .required("backward_ms", &L::backward, "median", positive().in_units_of(1e-3))
                                      .ignored("torch", "version")
                                      .ignored("peak_gb", "memory");
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim {

namespace {

constexpr std::string_view blank = " \t\r";

/// The lines as one JSON array in which each keeps its number.
std::string as_array(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '[') return std::string(text);
  std::string array = "[";
  bool separate = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.find_first_not_of(blank) != std::string_view::npos) {
      if (separate) array += ',';
      separate = true;
    }
    array += line;
    if (end == std::string_view::npos) break;
    array += '\n';
    text.remove_prefix(end + 1);
  }
  return array + "]";
}

}  // namespace

std::vector<MeasuredLayer> read_measured_layers(std::string_view text, const std::string& file, Diagnostics& faults) {
  std::vector<MeasuredLayer> out;
  const auto root = json::parse(as_array(text), file, faults);
  if (!root) return out;
  const json::Cursor at(*root, file, faults);
  for (std::size_t i = 0; i < root->items.size(); ++i) {
    MeasuredLayer layer;
    layer.line = root->items[i].line;
    if (json::ShapeOf<MeasuredLayer>::get().read(at.item(i), layer)) out.push_back(std::move(layer));
  }
  if (root->items.empty()) at.fault("holds no measured layer");
  return out;
}

}  // namespace sextant::sim
