// SPDX-License-Identifier: Apache-2.0
// A server (or a rack's tray) as sold: GPUs, how they are joined, NICs, power.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json/cursor.hpp"
#include "base/quantity.hpp"
#include "base/source.hpp"

namespace sextant::hardware {

/// How GPUs of one NVLink domain reach each other.
enum class IntraNode : std::uint8_t {
  nvswitch,  ///< any pair at full rate
  mesh,      ///< direct links: a pair has only its share of them
  bridge,    ///< NVLink bridges over pairs (or fours), PCIe between
  pcie,
};

struct Node {
  std::string id;  ///< e.g. "HGX-H800"
  std::string name;
  std::vector<std::string> aliases;
  int gpus = 8;           ///< of one operating system
  int nvlink_domain = 8;  ///< GPUs joined by NVLink; 72 in an NVL72 rack, whose trays hold 4
  IntraNode intra_node = IntraNode::nvswitch;
  double nics = 8;                      ///< for training traffic
  ByteRate nic_per_gpu;                 ///< per direction: NIC bandwidth of the node over its GPUs
  std::string fabric;                   ///< catalogue id of the network it usually hangs on
  Watts max_power;                      ///< rated, whole node
  std::optional<Watts> training_power;  ///< measured in training, whole node
  Bytes host_memory;                    ///< 0: not known
  std::string note;
  std::map<std::string, Source> sources;  ///< as in Accelerator

  /// Rated node power over the GPUs' own.
  [[nodiscard]] double power_overhead(Watts gpu_tdp) const { return max_power / (gpu_tdp * static_cast<double>(gpus)); }
};

[[nodiscard]] std::optional<Node> read_node(const json::Cursor& at);

}  // namespace sextant::hardware
