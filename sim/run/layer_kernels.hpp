// SPDX-License-Identifier: Apache-2.0
// What a stack's element-wise kernels move in HBM: a table a family of kernels, as data.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/catalogue.hpp"
#include "base/source.hpp"

namespace sextant::sim {

/// HBM bytes an element of 16 bits costs, all kernels of its kind together: reads and writes, fp32 copies and all.
struct KernelTraffic {
  double forward = 0;
  double backward = 0;
};

[[nodiscard]] constexpr KernelTraffic operator*(double elements, const KernelTraffic& t) {
  return {elements * t.forward, elements * t.backward};
}
[[nodiscard]] constexpr KernelTraffic operator+(const KernelTraffic& a, const KernelTraffic& b) {
  return {a.forward + b.forward, a.backward + b.backward};
}

/// Element-wise kernels of one transformer layer. Each row says which elements it counts.
struct LayerTraffic {
  KernelTraffic norm;           ///< an element of the hidden state and norm
  KernelTraffic residual;       ///< an element of the hidden state and block: add, bias, dropout, gradient sums
  KernelTraffic qkv;            ///< an element of the projected queries, keys and values: bias, splits, joins
  KernelTraffic rope;           ///< an element of the queries and keys that are rotated
  KernelTraffic attention_out;  ///< an element of attention's output: its layout copy
  KernelTraffic gated;          ///< an element of the MLP's width where two branches are multiplied
  KernelTraffic plain;          ///< an element of the MLP's width where there is one branch
  KernelTraffic expert_bias;    ///< an element that experts with biases return: the bias, weighted by its row's router
};

struct LayerKernels {
  std::string id;
  std::string title;
  LayerTraffic traffic;
  Source source;
};

/// The table sim/data/kernels/ID.json; an unknown one is a fault at `place`.
[[nodiscard]] std::optional<LayerKernels> find_layer_kernels(const Catalogue& catalogue, std::string_view id,
                                                             Diagnostics& faults, const Diagnostic& place);

}  // namespace sextant::sim
