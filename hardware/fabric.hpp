// SPDX-License-Identifier: Apache-2.0
// The network between nodes.
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

enum class FabricKind : std::uint8_t {
  none,            ///< one node or one NVLink rack: nothing beyond
  fat_tree,        ///< InfiniBand fat tree, NICs of a node on the same leaf
  rail_optimised,  ///< InfiniBand fat tree, NIC i of every node on leaf i
  multi_plane,     ///< DeepSeek's MPFT: one fat tree a plane, NIC i of every node in plane i, planes not joined
  multi_rail,      ///< MRFT: a rail-optimised tree whose rails are joined above
  roce,            ///< Ethernet Clos with RDMA
  efa,             ///< AWS Elastic Fabric Adapter
  omni_path,
  slingshot,
};

/// A network as data. What no source gives is left out for the calibration to fill.
struct Fabric {
  std::string id;  ///< e.g. "mpft"
  std::string name;
  std::vector<std::string> aliases;
  FabricKind kind = FabricKind::none;
  int planes = 1;                               ///< parallel networks a node is attached to
  int layers = 2;                               ///< switch layers
  int switch_ports = 0;                         ///< 0: not known
  int max_gpus = 0;                             ///< endpoints of a full network; 0: not known
  double oversubscription = 1;                  ///< downlink over uplink bandwidth at the narrowest layer
  std::optional<double> link_efficiency;        ///< achieved over nominal NIC rate, large messages
  std::optional<double> all_to_all_efficiency;  ///< the same for all-to-all
  std::optional<Seconds> hop_latency;           ///< of one switch
  std::optional<Seconds> base_latency;          ///< NIC to NIC, small message
  std::optional<Dollars> cost_per_gpu;          ///< network capital cost of one endpoint
  std::string note;
  std::map<std::string, Source> sources;  ///< as in Accelerator
};

[[nodiscard]] std::optional<Fabric> read_fabric(const json::Cursor& at);

}  // namespace sextant::hardware
