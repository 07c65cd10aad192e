// SPDX-License-Identifier: Apache-2.0
// Sends and receives between pairs: NCCL has no model of its own for them.
#include <algorithm>

#include "sim/comm/collectives.hpp"
#include "sim/comm/nccl_tuning.hpp"

namespace sextant::sim::comm {

namespace {

// First byte: 5 us on H100 and 4-8 on A100 inside a node, 17 us on H100 and 12-24 on A100 between nodes (kernel times
// of microsoft/vidur data/profiling/network @7d47513, 2 KiB).
constexpr double node_send = 5.0 * nccl::us;
constexpr double network_send = 12.0 * nccl::us;

Time filled(const Fabric& f, double latency, double transfer) {
  const double full = nccl::fill.pairwise * latency;
  const Seconds wait = Seconds{latency + full * transfer / (transfer + full)} + f.call_latency;
  return {wait + Seconds{transfer}, wait, Seconds{transfer}, Algorithm::pairwise, Protocol::simple};
}

/// Rate at which one rank sends inside its node, `nvlink` of the nominal rate where the way is NVLink.
double node_rate(const Fabric& f, const Group& g, double nvlink) {
  if (g.per_node() > g.ranks_per_domain) return f.pcie.value() * f.pcie_efficiency;
  if (f.nvlink_links == 0) return f.nvlink.value() * f.pcie_efficiency;
  return f.nvlink.value() * nvlink;
}

}  // namespace

Time send_recv(const Fabric& f, const Group& pair, Bytes bytes) {
  if (pair.ranks <= 1 || bytes <= Bytes{}) return {};
  if (pair.per_node() == 1) {
    const double rate = f.nic.value() * f.nic_send_efficiency / pair.nic_share;
    return filled(f, network_send + f.net_hop_latency.value(), bytes.value() / rate);
  }
  return filled(f, node_send, bytes.value() / node_rate(f, pair, f.nvlink_efficiency * link_share(f, 2)));
}

Time all_to_all(const Fabric& f, const Group& g, Bytes bytes) {
  const double n = std::max(1, g.ranks);
  const double in_node = std::min(g.per_node(), g.ranks);
  return all_to_all(f, g, bytes * ((n - in_node) / n), bytes * ((in_node - 1.0) / n));
}

// Both ways run at the same time; the longer decides. Every rank posts a send to every other: a kernel's step inside
// the node, 1 us of a proxy's time and one network hop outside (SimAI's ata_ratio.csv: 32 us above the large-message
// rate on one node, 110 us on 4, 160-180 us on 8 and 16).
Time all_to_all(const Fabric& f, const Group& g, Bytes network, Bytes node) {
  if (g.ranks <= 1 || network + node <= Bytes{}) return {};
  const int in_node = std::min(g.per_node(), g.ranks);
  const bool pcie = f.nvlink_links == 0 || g.per_node() > g.ranks_per_domain;
  const std::size_t simple = static_cast<std::size_t>(Protocol::simple);
  double latency = nccl::base.ring[simple] + (in_node - 1) * (pcie ? nccl::pcie_hop : nccl::nvlink_hop).ring[simple];
  double transfer =
      node.value() > 0
          ? node.value() / node_rate(f, g, f.nvlink_all_to_all_efficiency * link_share(f, g.ranks_per_domain))
          : 0.0;
  if (g.ranks > in_node) {
    latency +=
        nccl::network_hop.ring[simple] + f.net_hop_latency.value() + (g.ranks - in_node) * nccl::network_overhead[0];
    transfer = std::max(transfer, network.value() / (f.nic.value() * f.nic_all_to_all_efficiency / g.nic_share));
  }
  return filled(f, latency, transfer);
}

Time all_at_once(const Fabric& f, const Group& g, Bytes bytes) {
  if (g.ranks <= 1 || bytes <= Bytes{}) return {};
  constexpr double kernels = 2;  // counts first, then rows
  const std::size_t simple = static_cast<std::size_t>(Protocol::simple);
  const double latency = kernels * (nccl::base.ring[simple] + nccl::nvlink_hop.ring[simple]);
  const double rate = node_rate(f, g, f.nvlink_all_to_all_efficiency * link_share(f, g.ranks_per_domain));
  return filled(f, latency, bytes.value() / rate);
}

}  // namespace sextant::sim::comm
