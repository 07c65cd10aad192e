// SPDX-License-Identifier: Apache-2.0
// Casts and turned copies around GEMMs in 8 bits or less.
#pragma once

#include "sim/run/layer_kernels.hpp"

namespace sextant::sim {

/// Elements that are cast around the GEMMs of a block.
struct CastElements {
  double normed = 0;    ///< inputs that a norm writes
  double input = 0;     ///< the other inputs
  double turned = 0;    ///< normed inputs after their gather, which the weight gradient needs turned
  double output = 0;    ///< gradients of outputs
  double sliced = 0;    ///< those of them that are cast before they are gathered
  double gathered = 0;  ///< the same after the gather
  double weights = 0;   ///< cast in every pass
};

/// Bytes that turning 8-bit elements reads and writes, each.
inline constexpr double turned_bytes = 2.0;

/// Bytes moved, forward and backward.
/// Per tensor, as Transformer Engine casts (pytorch/module/layernorm_linear.py, linear.py): a norm writes 8 bits itself
/// and its output is turned in the backward pass, every other cast writes both copies at once; what is gathered is
/// gathered in 8 bits and turned after. Blockwise scaling quantises inputs along rows, inputs again along columns for
/// the weight gradient, and output gradients both ways.
[[nodiscard]] KernelTraffic cast_traffic(const CastElements& elements, bool blockwise);

}  // namespace sextant::sim
