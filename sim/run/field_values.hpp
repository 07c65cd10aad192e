// SPDX-License-Identifier: Apache-2.0
// Values for single fields of a run file: what flags on a command line and the axes of a sweep are.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "base/json/node.hpp"

namespace sextant::sim {

struct FieldValue {
  std::string pointer;  ///< of the run file, e.g. "/parallelism/tp"; "/cluster/gpu_overrides/tdp_w"
  json::Node value;
};

/// Lays the values over a run object. A model or cluster that the run names by id is written out first where a value
/// stands inside it. What other fields no longer fit is dropped and said in `notes`: the nodes of another GPU, a dp
/// that the GPUs no longer leave. A pointer that leads through something that is no object is a fault.
void lay_over(json::Node& run, std::span<const FieldValue> values, const Catalogue& catalogue,
              std::vector<std::string>& notes, Diagnostics& faults);

[[nodiscard]] json::Node number_node(double value);
[[nodiscard]] json::Node string_node(std::string text);

}  // namespace sextant::sim
