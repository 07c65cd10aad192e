// SPDX-License-Identifier: Apache-2.0
#include "sim/comm/nccl_model.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "sim/comm/efficiency.hpp"
#include "sim/comm/nccl_tuning.hpp"

namespace sextant::sim::comm {

namespace {

using hardware::Architecture;

constexpr double unavailable = std::numeric_limits<double>::infinity();

/// Seconds; `latency` is `unavailable` where there is no such kernel.
struct Cost {
  double latency = unavailable;
  double transfer = 0;
  double fill = 0;  ///< what a long message pays on top of the latency, see nccl::Fill

  [[nodiscard]] double least() const { return latency + transfer; }
  /// The latency with the time to fill the pipeline.
  [[nodiscard]] double filled() const { return fill > 0.0 ? latency + fill * transfer / (transfer + fill) : latency; }
};

constexpr std::size_t index(Protocol p) { return static_cast<std::size_t>(p); }

/// floor(log2(nodes)), as NCCL counts the levels of a tree.
double levels(int nodes) { return std::bit_width(static_cast<unsigned>(nodes)) - 1; }

double ll_limit(const Fabric& f, const Path& p) {
  if (p.nodes == 1) return nccl::ll_node[static_cast<std::size_t>(f.architecture)];
  return p.nodes == 2 ? nccl::ll_two_nodes : nccl::ll_more_nodes;
}

bool runs(const Fabric& f, const Path& p, Protocol protocol) {
  return p.nodes == 1 || protocol == Protocol::simple || f.low_latency_network;
}

/// `node`: latency of the part of a ring inside one node; `all`: of the whole ring.
double ring_fill(const Fabric& f, const Path& p, Collective c, Protocol protocol, double node, double all) {
  if (protocol == Protocol::ll) return 0.0;
  const bool older = f.architecture < Architecture::hopper;
  const double inside = node * (older ? nccl::fill.node_ring_ampere : nccl::fill.node_ring_hopper);
  const bool slow_network = p.nodes > 1 && c == Collective::all_reduce;
  return inside + (slow_network ? nccl::fill.network_ring_all_reduce * all : 0.0);
}

Cost ring(const Fabric& f, const Path& p, Collective c, Protocol protocol, double bytes) {
  if (!runs(f, p, protocol)) return {};
  const std::size_t i = index(protocol);
  const double passes = c == Collective::all_reduce ? 2.0 : 1.0;
  const double network_steps = passes * (p.nodes - 1);
  const double node_steps = passes * (p.ranks - p.nodes);
  const nccl::Latency& hop = p.pcie ? nccl::pcie_hop : nccl::nvlink_hop;
  double node_hop = hop.ring[i];
  double network_hop = 0.0;
  if (p.nodes > 1) {
    node_hop = std::max(node_hop, nccl::network_overhead[i]);
    // With one rank a node nothing hides the network's latency.
    network_hop = p.per_node == 1 ? nccl::network_hop.tree[i] : nccl::network_hop.ring[i];
  }
  // The steps of a ring follow one another without waiting, so the fabric's own extra latency shows once a pass:
  // SimAI's rings of up to 128 nodes take NCCL's 14 us a node and no more.
  const double latency =
      nccl::base.ring[i] + node_steps * node_hop + network_steps * network_hop + (p.nodes > 1 ? passes * p.hop : 0.0);
  const double inside = nccl::base.ring[i] + passes * (p.per_node - 1) * node_hop;
  double rate = p.ring_rate;
  if (protocol == Protocol::ll) rate = std::min(nccl::ring_ll * rate, ll_limit(f, p));
  if (protocol == Protocol::ll128) rate *= nccl::ring_ll128;
  const double share = c == Collective::broadcast ? 1.0 : passes * p.share;
  return {latency, bytes * share / rate, ring_fill(f, p, c, protocol, inside, latency)};
}

/// A message's place among the sizes of NCCL's correction: 64 B * 2^octave * (1 + part).
struct SizeClass {
  std::size_t octave = 0;
  double part = 0;

  explicit SizeClass(double bytes) {
    const double units = bytes / 64.0;
    if (units <= 1.0) return;
    int exponent = 0;
    part = 2.0 * std::frexp(units, &exponent) - 1.0;
    octave = static_cast<std::size_t>(exponent - 1);
    if (octave < nccl::tree_correction_sizes) return;
    octave = nccl::tree_correction_sizes - 1;
    part = 1.0;
  }
};

/// NCCL's correction between its sizes, linearly, so that a longer message never takes less time.
double tree_correction(std::size_t protocol, const SizeClass& size) {
  const auto& table = nccl::tree_correction[protocol];
  return table[size.octave] + (table[size.octave + 1] - table[size.octave]) * size.part;
}

Cost tree(const Fabric& f, const Path& p, Protocol protocol, double bytes, const SizeClass& size) {
  if (!runs(f, p, protocol)) return {};
  const std::size_t i = index(protocol);
  const nccl::Latency& hop = p.pcie ? nccl::pcie_hop : nccl::nvlink_hop;
  // Simple also flushes what a NIC wrote: twice the fabric's extra latency.
  const double network_hop = nccl::network_hop.tree[i] + p.hop * (protocol == Protocol::simple ? 2.0 : 1.0);
  const double latency = nccl::base.tree[i] + 2.0 * (p.chain * hop.tree[i] + levels(p.nodes) * network_hop);
  double rate = nccl::tree * p.tree_rate;
  if (protocol == Protocol::ll) rate = std::min(rate * nccl::tree_ll, ll_limit(f, p));
  if (protocol == Protocol::ll128) rate *= p.nodes == 1 ? nccl::tree_ll128_node : nccl::tree_ll128_network;
  rate *= tree_correction(i, size);
  return {latency, 2.0 * bytes / rate, protocol == Protocol::ll ? 0.0 : nccl::fill.tree * latency};
}

/// Rate of the buffer through the switches of one node: a rank reads and writes (r+1)/r of it each way.
double nvls_rate(const Fabric& f, const Path& p) {
  const double r = p.per_node;
  return f.nvlink.value() * f.nvlink_efficiency * f.nvls_efficiency * r / (r + 1.0);
}

bool has_nvls(const Fabric& f, const Path& p) { return f.nvls && !p.pcie && p.per_node > 2; }

Cost nvls(const Fabric& f, const Path& p, double bytes) {
  if (!has_nvls(f, p) || p.nodes > 1) return {};
  return {nccl::nvls_hop, bytes / nvls_rate(f, p), nccl::fill.nvls * nccl::nvls_hop};
}

Cost nvls_tree(const Fabric& f, const Path& p, double bytes) {
  if (!has_nvls(f, p) || p.nodes == 1) return {};
  const double latency = nccl::nvls_hop + 2.0 * levels(p.nodes) * (nccl::nvls_tree_network_hop + 2.0 * p.hop);
  const double network = p.network_rate * (p.nodes == 2 ? 1.0 : 0.5 * measured::nvls_tree_network);
  const double rate = std::min(nvls_rate(f, p) * measured::nvls_tree_switch, network);
  return {latency, bytes / rate, nccl::fill.tree * latency};
}

Cost pat(const Fabric& f, const Path& p, double bytes) {
  if (!f.pat || p.per_node > 1) return {};
  const double latency = nccl::pat_base + levels(p.nodes) * (nccl::pat_network_hop + p.hop) + nccl::pat_rank * p.ranks;
  return {latency, bytes * p.share / (nccl::pat * p.network_rate)};
}

/// One row of the tuner. `p.ranks > 1`.
Cost cost(const Fabric& f, const Path& p, Collective c, Algorithm a, Protocol protocol, double bytes) {
  const bool reduces_all = c == Collective::all_reduce;
  const bool simple = protocol == Protocol::simple;
  switch (a) {
    case Algorithm::ring: return ring(f, p, c, protocol, bytes);
    case Algorithm::tree: return reduces_all ? tree(f, p, protocol, bytes, SizeClass(bytes)) : Cost{};
    case Algorithm::nvls: return reduces_all && simple ? nvls(f, p, bytes) : Cost{};
    case Algorithm::nvls_tree: return reduces_all && simple ? nvls_tree(f, p, bytes) : Cost{};
    case Algorithm::pat: return !reduces_all && c != Collective::broadcast && simple ? pat(f, p, bytes) : Cost{};
    case Algorithm::none:
    case Algorithm::pairwise: break;
  }
  return {};
}

Time time_of(const Fabric& f, const Cost& c, Algorithm a, Protocol p) {
  const Seconds latency = Seconds{c.filled()} + f.call_latency;
  const Seconds transfer{c.transfer};
  return {latency + transfer, latency, transfer, a, p};
}

double node_rate(const Fabric& f, const Group& g) {
  if (g.per_node() > g.ranks_per_domain) return f.pcie.value() * f.pcie_efficiency;
  if (f.nvlink_links == 0) return f.nvlink.value() * f.pcie_efficiency;
  const double rate = f.nvlink.value() * f.nvlink_efficiency * link_share(f, g.ranks_per_domain);
  const bool pair = g.ranks_per_domain == 2 && link_share(f, 2) == 1.0;
  return pair ? rate * measured::ring_of_two : rate;
}

}  // namespace

Path path_of(const Fabric& f, const Group& g) {
  Path p;
  p.ranks = g.ranks;
  p.per_node = g.per_node();
  p.nodes = g.ranks <= p.per_node ? 1 : (g.ranks + p.per_node - 1) / p.per_node;
  p.pcie = f.nvlink_links == 0 || p.per_node > g.ranks_per_domain;
  p.hop = f.net_hop_latency.value();
  p.share = static_cast<double>(p.ranks - 1) / p.ranks;
  if (p.per_node > 1) p.ring_rate = p.tree_rate = node_rate(f, g);
  p.chain = p.ranks - 1;
  if (p.nodes == 1) return p;
  p.chain = static_cast<double>(p.ranks) / p.nodes - 1.0;
  p.network_rate = f.nic.value() * f.nic_ring_efficiency * p.per_node / g.nic_share;
  // Two nodes are one edge of a tree: the buffer crosses it once each way, half of what a ring or a larger tree sends.
  const double edge = p.network_rate * (p.nodes == 2 ? 2.0 : 1.0);
  if (p.per_node == 1) {
    p.ring_rate = p.network_rate;
    p.tree_rate = edge;
  } else {
    // The chains of different channels begin at different ranks, which spares each rank's links 1/r of the traffic (127
    // GB/s algbw on 2 x 8 A100, 83-85 on 2 x 8 H800: 0.52-0.54 of the ring; but 72, 0.44, in one H800 node).
    p.tree_rate = std::min(p.ring_rate * p.per_node / (p.per_node - 1), edge);
    p.ring_rate = std::min(p.ring_rate, p.network_rate);
  }
  return p;
}

std::optional<Time> estimate(const Fabric& f, const Group& g, Collective c, Algorithm a, Protocol protocol,
                             Bytes bytes) {
  if (g.ranks <= 1) return Time{};
  const Cost found = cost(f, path_of(f, g), c, a, protocol, bytes.value());
  if (found.latency == unavailable) return std::nullopt;
  return time_of(f, found, a, protocol);
}

Time fastest(const Fabric& f, const Group& g, Collective c, Bytes bytes) {
  if (g.ranks <= 1 || bytes <= Bytes{}) return {};
  const Path p = path_of(f, g);
  Cost best;
  double least = unavailable;
  Algorithm algorithm = Algorithm::none;
  Protocol protocol = Protocol::simple;
  const auto consider = [&](const Cost& candidate, Algorithm a, Protocol with) {
    if (candidate.least() >= least) return;  // without the fill already no better
    const double total = candidate.filled() + candidate.transfer;
    if (total >= least) return;
    least = total;
    best = candidate;
    algorithm = a;
    protocol = with;
  };
  constexpr std::array protocols{Protocol::ll, Protocol::ll128, Protocol::simple};
  const double b = bytes.value();
  for (const Protocol with : protocols) consider(ring(f, p, c, with, b), Algorithm::ring, with);
  if (c == Collective::all_reduce) {
    consider(nvls(f, p, b), Algorithm::nvls, Protocol::simple);
    consider(nvls_tree(f, p, b), Algorithm::nvls_tree, Protocol::simple);
    const SizeClass size(b);
    for (const Protocol with : protocols) consider(tree(f, p, with, b, size), Algorithm::tree, with);
  } else if (c != Collective::broadcast) {
    consider(pat(f, p, b), Algorithm::pat, Protocol::simple);
  }
  return time_of(f, best, algorithm, protocol);
}

}  // namespace sextant::sim::comm
