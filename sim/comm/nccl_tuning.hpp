// SPDX-License-Identifier: Apache-2.0
// The constants of NCCL's tuner (NVIDIA/nccl src/graph/tuning.cc @5067397c, version 2.30.7), in seconds and byte/s.
// Protocols are indexed LL, LL128, Simple.
#pragma once

#include <array>
#include <cstddef>

namespace sextant::sim::comm::nccl {

inline constexpr double us = 1e-6;
inline constexpr double gbps = 1e9;

using PerProtocol = std::array<double, 3>;

struct Latency {
  PerProtocol tree;
  PerProtocol ring;
};

inline constexpr Latency base{{6.8 * us, 14.0 * us, 8.4 * us}, {6.6 * us, 14.0 * us, 8.4 * us}};
inline constexpr double pat_base = 8.0 * us;

inline constexpr Latency nvlink_hop{{0.6 * us, 1.25 * us, 4.0 * us}, {0.6 * us, 1.9 * us, 3.4 * us}};
inline constexpr Latency pcie_hop{{1.0 * us, 1.9 * us, 4.0 * us}, {1.0 * us, 2.5 * us, 5.7 * us}};
inline constexpr Latency network_hop{{5.0 * us, 8.5 * us, 14.0 * us}, {2.7 * us, 4.0 * us, 14.0 * us}};

inline constexpr double nvls_hop = 25.0 * us;
inline constexpr double nvls_tree_network_hop = 20.9 * us;
inline constexpr double pat_network_hop = 14.0 * us / 3.5;
inline constexpr double pat_rank = 2.8 * us;

/// A ring over the network launches every step from the host: 1 us (Intel CPUs), three times that for Simple.
inline constexpr PerProtocol network_overhead{1.0 * us, 1.0 * us, 3.0 * us};

/// Busbw that LL can reach, by architecture (order of hardware::Architecture; Ada as Ampere, CDNA3 as Hopper) and by
/// nodes {1, 2, more}. Over the network the row is chosen by CPU: Intel's is Volta's.
inline constexpr std::array<double, 6> ll_node{39.0 * gbps,  87.7 * gbps,  87.7 * gbps,
                                               141.0 * gbps, 282.0 * gbps, 141.0 * gbps};
inline constexpr double ll_two_nodes = 39.0 * gbps;
inline constexpr double ll_more_nodes = 20.4 * gbps;

inline constexpr double ring_ll = 0.5;
inline constexpr double ring_ll128 = 0.92;
inline constexpr double tree = 0.92;
inline constexpr double tree_ll = 1.0 / 3.8;
inline constexpr double tree_ll128_node = 7.0 / 9.0;
inline constexpr double tree_ll128_network = 120.0 / 128.0;
inline constexpr double pat = 0.75;

// Not carried: the caps per channel (ring LL128 20-40, tree 10-70 GB/s a channel), which do not bind with the 16 to 32
// channels of the nodes known here.

/// Share of its rate that a tree all-reduce keeps, by log2(bytes / 64), 64 B to 256 MiB.
inline constexpr std::size_t tree_correction_sizes = 23;
inline constexpr std::array<std::array<double, tree_correction_sizes + 1>, 3> tree_correction{
    {{1, 1, 1, 1, .9, .8, .7, .7, .7, .7, .6, .5, .4, .4, .5, .6, .7, .8, .9, 1, 1, 1, 1, 1},
     {1, 1, 1, 1, 1, .9, .8, .8, .8, .7, .6, .6, .6, .6, .6, .6, .8, .9, .9, .9, .9, 1, 1, 1},
     {.9, .9, .9, .9, .9, .9, .9, .8, .7, .6, .6, .5, .5, .5, .5, .6, .7, .8, .7, .7, .8, .9, .9, 1}}};

/// A message cut in chunks fills the pipeline of ranks before it flows, so a long one pays more than the latency of a
/// short one: `fill` latencies more, approached as full * x / (x + full), full = fill * latency, x the transfer. NCCL
/// has this as a step for rings between nodes (latency x 1.4 in an all-reduce); the rest are from sweeps of nccl-tests:
/// NVLS 100 us on H100 and H200; tree and NVLSTree 190 us on BlueField-3, 350 on EFA, 620 on TCPXO, each 2.5 times the
/// latency; rings 150 us in an A100 node, little in an H100 node. SimAI's gathers over up to 1,024 ranks follow NCCL's
/// latency alone.
struct Fill {
  double nvls = 4.0;
  double tree = 2.5;
  double node_ring_ampere = 2.7;  ///< and older; times the latency of one node's part
  double node_ring_hopper = 0.3;  ///< and later
  double network_ring_all_reduce = 0.4;
  double pairwise = 1.0;
};
inline constexpr Fill fill{};

}  // namespace sextant::sim::comm::nccl
