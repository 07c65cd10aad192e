// SPDX-License-Identifier: Apache-2.0
// What joins the GPUs of a run, as the collectives see it, and where the ranks of a group sit in it.
#pragma once

#include <cstdint>

#include "base/quantity.hpp"
#include "hardware/accelerator.hpp"
#include "hardware/cluster.hpp"

namespace sextant::sim::comm {

/// Links and how much of their nominal rate large transfers reach. usual_fabric() and fabric_of() fill the efficiencies
/// with published figures (efficiency.hpp); a calibration may set any of them.
struct Fabric {
  hardware::Architecture architecture = hardware::Architecture::hopper;

  ByteRate nvlink;       ///< nominal, per direction, all links of one GPU; PCIe where there is no NVLink
  int nvlink_links = 0;  ///< 0: the GPUs of a node are joined by PCIe only
  bool nvswitch = true;  ///< any pair at full rate; false: direct links, a pair has its share of them
  int domain = 8;        ///< GPUs that NVLink joins (72 in an NVL72 rack)
  int host = 8;          ///< GPUs that PCIe joins; larger than `domain` with NVLink bridges
  bool nvls = false;     ///< the switches add and multicast (NVLink SHARP: NVSwitch of Hopper and later)
  ByteRate pcie;         ///< nominal, per direction; the way between bridged pairs

  ByteRate nic;                     ///< nominal, per GPU and direction
  bool low_latency_network = true;  ///< LL and LL128 may cross the network; not EFA, which keeps no order
  bool pat = true;                  ///< NCCL >= 2.23 (2024-09): logarithmic gathers between nodes of one rank

  double nvlink_efficiency = 0;             ///< large ring / nominal
  double nvls_efficiency = 0;               ///< rate of a GPU in a large NVLS all-reduce / rate in a ring
  double nvlink_all_to_all_efficiency = 0;  ///< large all-to-all / nominal
  double pcie_efficiency = 0;
  double nic_ring_efficiency = 0;
  double nic_all_to_all_efficiency = 0;
  double nic_send_efficiency = 0;  ///< one pair of GPUs
  Seconds net_hop_latency;         ///< of one network hop, above the InfiniBand hop in NCCL's tables
  Seconds call_latency;            ///< of every call: launch and waiting for the slowest rank; 0 in nccl-tests

  /// GPUs that reach each other without the network.
  [[nodiscard]] constexpr int node() const { return host > domain ? host : domain; }
};

/// A fabric of `domain`-GPU nodes with published efficiencies for the architecture. `nvlink_links` 0: PCIe of that
/// rate.
[[nodiscard]] Fabric usual_fabric(hardware::Architecture architecture, ByteRate nvlink, int nvlink_links, int domain,
                                  ByteRate nic);

/// The fabric of a cluster: links of its GPU and node, latency and efficiencies of its network where the data has them.
[[nodiscard]] Fabric fabric_of(const hardware::Cluster& cluster);

/// What tells networks apart in how much of its line rate a ring reaches inside a training step. Up to 200 Gb/s a NIC
/// (HDR InfiniBand, RoCE and Omni-Path of 100 Gb/s, often one NIC for two GPUs) published runs of all kinds ask for the
/// same share; beyond, Ethernet shares its links by hashing and InfiniBand does not.
enum class FabricClass : std::uint8_t { up_to_200g, infiniband, ethernet };
[[nodiscard]] FabricClass fabric_class(const hardware::Cluster& cluster);

/// One communicator: how many ranks, and how many of them share a domain. Every rank has the NIC of its own GPU.
struct Group {
  int ranks = 1;
  int ranks_per_domain = 1;  ///< in the fullest NVLink domain
  int nic_share = 1;         ///< such groups (or others as busy) that use one NIC at the same time
  int ranks_per_node = 0;    ///< without the network between; 0: as many as ranks_per_domain

  [[nodiscard]] constexpr int per_node() const {
    const int most = ranks_per_node > ranks_per_domain ? ranks_per_node : ranks_per_domain;
    return most > 1 ? most : 1;
  }
  [[nodiscard]] constexpr int nodes() const { return (ranks + per_node() - 1) / per_node(); }

  bool operator==(const Group&) const = default;
};

/// Share of a GPU's NVLink that a group of `ranks` inside one domain can use: all through a switch, only the links
/// between its own ranks where they are joined directly.
[[nodiscard]] double link_share(const Fabric& fabric, int ranks);

/// A group whose ranks are neighbours: they fill domains and nodes one after the other.
[[nodiscard]] constexpr Group packed_group(const Fabric& fabric, int ranks) {
  const auto least = [](int a, int b) { return a < b ? a : b; };
  return {ranks, least(ranks, fabric.domain), 1, least(ranks, fabric.node())};
}

}  // namespace sextant::sim::comm
