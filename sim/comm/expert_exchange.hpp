// SPDX-License-Identifier: Apache-2.0
// Dispatch and combine of mixture-of-experts layers: how many copies of a token go where, and how long they take.
#pragma once

#include <cstdint>

#include "base/quantity.hpp"
#include "sim/comm/fabric.hpp"
#include "sim/comm/nccl_model.hpp"

namespace sextant::sim::comm {

/// How tokens choose experts, every expert as likely as another.
struct ExpertRouting {
  int experts = 1;
  int top_k = 1;
  int node_limit = 0;  ///< a token's experts lie on at most so many nodes (DeepSeek-V3: 4); 0: no limit
};

/// Expected number of `bins` equal parts of `experts` that `top_k` distinct experts, drawn uniformly, fall into:
/// bins * (1 - C(experts - experts/bins, top_k) / C(experts, top_k)).
[[nodiscard]] double expected_distinct(int experts, int top_k, int bins);

/// Expected distinct nodes a token goes to, its own included. Under a node limit the nodes are drawn first.
[[nodiscard]] double expected_nodes(const ExpertRouting& routing, int nodes);

/// Expected distinct ranks a token goes to, its own included.
[[nodiscard]] double expected_ranks(const ExpertRouting& routing, int nodes, int ranks_per_node);

enum class Dispatcher : std::uint8_t {
  all_to_all,    ///< NCCL: one copy a chosen expert
  deduplicated,  ///< DeepEP, HybridEP: one copy a destination node over the network, forwarded by NVLink once a rank
};

/// Bytes each rank sends in one dispatch (and receives in one combine).
struct ExchangeBytes {
  Bytes network;   ///< to other nodes
  Bytes node;      ///< over NVLink; the rank's own share included where DeepEP counts it
  Bytes reported;  ///< what DeepEP divides by time: (token, node) pairs over RDMA, (token, rank) pairs in one node
};

/// `token_bytes`: one token's hidden state as sent, scales included: hidden * 2 in bf16, hidden * (1 + 4/128) in
/// blockwise fp8 (deepseek-ai/DeepEP tests/legacy/test_internode.py).
[[nodiscard]] ExchangeBytes dispatch_bytes(const Group& group, const ExpertRouting& routing, Dispatcher dispatcher,
                                           double tokens, Bytes token_bytes);

/// One dispatch, or one combine (the same bytes the other way), running alone.
[[nodiscard]] Time expert_exchange(const Fabric& fabric, const Group& group, const ExpertRouting& routing,
                                   Dispatcher dispatcher, double tokens, Bytes token_bytes);

}  // namespace sextant::sim::comm
