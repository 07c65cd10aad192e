// SPDX-License-Identifier: Apache-2.0
// Layers that were timed by themselves: the rows profiler/torch/moe_layer.py prints, one JSON object a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/quantity.hpp"

namespace sextant::sim {

struct MeasuredLayer {
  std::string model;  ///< catalogue id
  std::string gpu;    ///< as its driver calls it
  int tokens = 0;     ///< one sequence of these many
  std::string precision = "bf16";
  std::string attention;   ///< PyTorch's backend, e.g. "cudnn_attention"
  bool grouped_mm = true;  ///< experts ran as one grouped product; else one after the other
  bool compiled = false;   ///< activation and rotation were fused
  Seconds forward;
  Seconds backward;
  int line = 0;  ///< of the file
};

/// The rows of a text: objects one a line, or one JSON array of them. Every fault with its line.
[[nodiscard]] std::vector<MeasuredLayer> read_measured_layers(std::string_view text, const std::string& file,
                                                              Diagnostics& faults);

}  // namespace sextant::sim
