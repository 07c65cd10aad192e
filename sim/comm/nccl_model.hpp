// SPDX-License-Identifier: Apache-2.0
// NCCL's own model of a collective, per (algorithm, protocol): the rows of which the tuner takes the least.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "sim/comm/fabric.hpp"

namespace sextant::sim::comm {

enum class Collective : std::uint8_t { all_reduce, all_gather, reduce_scatter, broadcast };

enum class Algorithm : std::uint8_t {
  none,  ///< one rank: nothing to do
  ring,
  tree,
  nvls,       ///< the NVSwitch adds and multicasts
  nvls_tree,  ///< NVLS in the nodes, a tree between them
  pat,        ///< logarithmic, one rank a node
  pairwise,   ///< sends and receives between all pairs at once
};
inline constexpr std::array<std::pair<std::string_view, Algorithm>, 7> algorithm_names{
    {{"none", Algorithm::none},
     {"ring", Algorithm::ring},
     {"tree", Algorithm::tree},
     {"nvls", Algorithm::nvls},
     {"nvls-tree", Algorithm::nvls_tree},
     {"pat", Algorithm::pat},
     {"pairwise", Algorithm::pairwise}}};

enum class Protocol : std::uint8_t { ll, ll128, simple };
inline constexpr std::array<std::pair<std::string_view, Protocol>, 3> protocol_names{
    {{"ll", Protocol::ll}, {"ll128", Protocol::ll128}, {"simple", Protocol::simple}}};

/// How long a collective takes alone: total = latency + transfer.
struct Time {
  Seconds total;
  Seconds latency;   ///< hops, and filling the pipeline of chunks
  Seconds transfer;  ///< bytes over the narrowest link
  Algorithm algorithm = Algorithm::none;
  Protocol protocol = Protocol::simple;
};

/// A group on a fabric, resolved: what the formulas need.
struct Path {
  int ranks = 1;
  int per_node = 1;
  int nodes = 1;
  bool pcie = false;        ///< the slowest hop inside a node is PCIe
  double ring_rate = 0;     ///< byte/s of a ring through every rank
  double tree_rate = 0;     ///< byte/s of a tree's edges
  double network_rate = 0;  ///< byte/s of the group's NICs in a node
  double share = 0;         ///< (ranks - 1) / ranks
  double chain = 0;         ///< hops inside a node, on average
  double hop = 0;           ///< extra latency of a network hop, s
};
[[nodiscard]] Path path_of(const Fabric& fabric, const Group& group);

/// The time of one algorithm and protocol; nothing where NCCL has no such kernel for the collective, or the fabric
/// cannot run it. `bytes` is the whole buffer: what each rank holds after an all-gather or before a reduce-scatter.
[[nodiscard]] std::optional<Time> estimate(const Fabric& fabric, const Group& group, Collective collective,
                                           Algorithm algorithm, Protocol protocol, Bytes bytes);

/// The least over all algorithms and protocols.
[[nodiscard]] Time fastest(const Fabric& fabric, const Group& group, Collective collective, Bytes bytes);

/// Bytes that a bandwidth-optimal collective moves through each rank's link in one direction: 2(n-1)/n of an
/// all-reduce's buffer, (n-1)/n of a gather's or scatter's, all of a broadcast's. Over the time: nccl-tests' busbw.
[[nodiscard]] constexpr Bytes bus_bytes(Collective collective, int ranks, Bytes bytes) {
  const double n = ranks;
  switch (collective) {
    case Collective::all_reduce: return bytes * (2.0 * (n - 1.0) / n);
    case Collective::all_gather:
    case Collective::reduce_scatter: return bytes * ((n - 1.0) / n);
    case Collective::broadcast: break;
  }
  return ranks > 1 ? bytes : Bytes{};
}

}  // namespace sextant::sim::comm
