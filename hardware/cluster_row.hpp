// SPDX-License-Identifier: Apache-2.0
// The `cluster` object of a run, as written. Internal to this folder.
#pragma once

#include "hardware/shapes.hpp"

namespace sextant::hardware {

struct ClusterRow {
  std::string id;
  std::string name;
  std::vector<std::string> aliases;
  std::string gpu;
  std::optional<int> gpus;
  std::optional<int> gpus_per_node;
  std::optional<int> nvlink_domain;
  std::optional<ByteRate> nic_per_gpu;
  std::optional<double> nics_per_node;
  std::optional<std::string> node;
  std::optional<std::string> fabric;
  std::optional<Watts> node_power;
  std::string note;
  std::map<std::string, Source> sources;
};

}  // namespace sextant::hardware

namespace sextant::json {
template <>
struct ShapeOf<hardware::ClusterRow> {
  static const Shape<hardware::ClusterRow>& get();
};
}  // namespace sextant::json
