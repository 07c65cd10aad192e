// SPDX-License-Identifier: Apache-2.0
#include "sim/comm/fabric.hpp"

#include <algorithm>

#include "sim/comm/efficiency.hpp"

namespace sextant::sim::comm {

using hardware::Architecture;

Fabric usual_fabric(Architecture architecture, ByteRate nvlink, int nvlink_links, int domain, ByteRate nic) {
  const measured::NodeEfficiency& node = measured::node[static_cast<std::size_t>(architecture)];
  Fabric f;
  f.architecture = architecture;
  f.nvlink = f.pcie = nvlink;
  f.nvlink_links = nvlink_links;
  f.domain = f.host = domain;
  f.nvls = nvlink_links > 0 && node.nvls > 0;
  f.nic = nic;
  f.nvlink_efficiency = node.ring;
  f.nvls_efficiency = node.nvls;
  f.nvlink_all_to_all_efficiency = node.all_to_all;
  f.pcie_efficiency = measured::pcie;
  f.nic_ring_efficiency = measured::nic_ring;
  f.nic_all_to_all_efficiency = measured::nic_all_to_all;
  f.nic_send_efficiency = measured::nic_send;
  f.net_hop_latency = measured::network_hop;
  return f;
}

double link_share(const Fabric& f, int ranks) {
  if (f.nvswitch || ranks >= f.domain) return 1.0;
  // DGX-1V's cube mesh: two of six links go to the nearest rank, four stay in a quad.
  if (f.architecture == Architecture::volta) return ranks > 4 ? 1.0 : ranks > 2 ? 2.0 / 3.0 : 1.0 / 3.0;
  return static_cast<double>(ranks - 1) / (f.domain - 1);
}

FabricClass fabric_class(const hardware::Cluster& cluster) {
  constexpr ByteRate fast{200e9 / 8 * 1.001};  // to the rounding of a stated rate
  if (cluster.nic_per_gpu <= fast) return FabricClass::up_to_200g;
  switch (cluster.network.kind) {
    case hardware::FabricKind::roce:
    case hardware::FabricKind::efa:
    case hardware::FabricKind::slingshot: return FabricClass::ethernet;
    case hardware::FabricKind::none:
    case hardware::FabricKind::fat_tree:
    case hardware::FabricKind::rail_optimised:
    case hardware::FabricKind::multi_plane:
    case hardware::FabricKind::multi_rail:
    case hardware::FabricKind::omni_path: break;
  }
  return FabricClass::infiniband;
}

Fabric fabric_of(const hardware::Cluster& cluster) {
  const hardware::Accelerator& gpu = cluster.gpu;
  const hardware::Fabric& network = cluster.network;
  const bool nvlink = cluster.intra_node != hardware::IntraNode::pcie && gpu.nvlink_links > 0;
  Fabric f = usual_fabric(gpu.architecture, nvlink ? gpu.nvlink : gpu.pcie, nvlink ? gpu.nvlink_links : 0,
                          nvlink ? std::max(1, cluster.nvlink_domain) : cluster.gpus_per_node, cluster.nic_per_gpu);
  f.pcie = gpu.pcie;
  f.host = cluster.gpus_per_node;
  f.nvswitch = cluster.intra_node == hardware::IntraNode::nvswitch;
  f.nvls = f.nvls && f.nvswitch;
  f.nic_ring_efficiency = network.link_efficiency.value_or(f.nic_ring_efficiency);
  f.nic_all_to_all_efficiency = network.all_to_all_efficiency.value_or(f.nic_all_to_all_efficiency);
  f.nic_send_efficiency = std::min(f.nic_send_efficiency, f.nic_ring_efficiency);
  if (network.kind == hardware::FabricKind::efa) {
    f.low_latency_network = false;
    f.net_hop_latency = measured::efa_hop;
  }
  return f;
}

}  // namespace sextant::sim::comm
