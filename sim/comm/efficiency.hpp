// SPDX-License-Identifier: Apache-2.0
// Large-message rates as measured, per architecture. `hardware/data/collectives` holds the rows they are read from.
#pragma once

#include <array>

#include "base/quantity.hpp"

namespace sextant::sim::comm::measured {

/// In the order of hardware::Architecture.
struct NodeEfficiency {
  double ring;        ///< busbw of a ring over the nominal rate of a GPU's links
  double nvls;        ///< rate of a GPU's links in an NVLS all-reduce over that of a ring; 0: no such switch
  double all_to_all;  ///< rate of an all-to-all over nominal
};

// NCCL's own search uses 20.0 / 20.0 / 20.6 / 40.1 GB/s a link of 25 / 25 / 25 / 50 (NCCL 2.30.7 src/graph/topo.h);
// the rings below are what nccl-tests then shows at 8 GiB and above.
//   Volta     20/25 by NCCL, no table at hand.
//   Ampere    235 of 300 GB/s (8 A100, stas00/ml-engineering network/README.md @744d01e). All ranks sending to the
//   next:
//             195 GB/s (li-plus/playground cuda/nccl.md @b85070f); all-to-all and Volta taken the same.
//   Ada       no NVLink: PCIe, below.
//   Hopper    366 of 450 GB/s (365.6-367.2 all-reduce, 361-363 gather and scatter, H200, same source).
//             NVLS: 480 GB/s busbw at 8 ranks, 435.6 at 6 (same source; NVIDIA/dgxc-benchmarking nccl @841f546): a GPU
//             moves (n+1)/n of the buffer each way, so 480 is 480 * 9/8 / 1.75 = 308.6 GB/s of its links (NCCL: 0.85).
//             All-to-all 0.78 (aliyun/SimAI ata_ratio.csv @cef83f9d, 1 node); DeepEP 153-158 of 200 on H800.
//   Blackwell 682 of 900 GB/s, NVLS 842 busbw -> 541 (8 B200, stas00; NCCL: 0.74); all-to-all 675 (B300, OCI guide).
//   CDNA3     312.9 of 448 GB/s (8 MI300X, stas00); all-to-all as its ring.
inline constexpr std::array<NodeEfficiency, 6> node{{{0.800, 0.000, 0.65},
                                                     {0.785, 0.000, 0.65},
                                                     {0.750, 0.000, 0.70},
                                                     {0.814, 0.843, 0.78},
                                                     {0.758, 0.793, 0.75},
                                                     {0.700, 0.000, 0.70}}};

// PCIe rings: 48.8 of 64 GB/s (4 H100 over gen 5), 23.7 of 32 (4 A100 over gen 4), both between bridged pairs
// (microsoft/vidur data/profiling/network @7d47513).
inline constexpr double pcie = 0.75;

// A ring of two: 308 GB/s on H100 and 192-202 on A100 between large messages, of 370 and 240 (vidur; NCCL 2.20.5 log,
// 24 channels).
inline constexpr double ring_of_two = 0.83;

// NICs: 48 of 50 and 24 of 25 GB/s (NVIDIA/nccl-tests #290, NVIDIA/nccl #812), 381.8 GB/s over 8 x 50 (P6-B200).
inline constexpr double nic_ring = 0.96;
// All-to-all over NICs: SimAI's 0.80 / 0.95 / 0.94 / 0.90 on 2 / 4 / 8 / 16 nodes; B300 0.97; EFA 0.91; DeepEP on H800
// (43-45 of 50 GB/s leave the node).
inline constexpr double nic_all_to_all = 0.90;
// One pair: 35.9 of 50 GB/s (vidur, H100, one channel pair) to 48 (nccl-tests #290); the middle.
inline constexpr double nic_send = 0.80;

// NVLSTree on two nodes reaches 0.95 of the node's own NVLS rate (485-487 GB/s busbw on 16 H100/H200 over 8 x 400
// Gb/s); on four nodes 0.85 of half the NICs' rate (310 GB/s, H200, NCCL_ALGO forced).
inline constexpr double nvls_tree_switch = 0.95;
inline constexpr double nvls_tree_network = 0.85;

// Hops above InfiniBand's in NCCL's tables, from small all-reduces on two nodes: 35-45 us on InfiniBand and
// BlueField-3 RoCE (mscclpp; NCCL 2.30.4 log) where the tables say 25; 69 us on EFA (p5.48xlarge).
inline constexpr Seconds network_hop{5e-6};
inline constexpr Seconds efa_hop{20e-6};

}  // namespace sextant::sim::comm::measured
