// SPDX-License-Identifier: Apache-2.0
// How long the collectives of a training step take alone, by NCCL's model. Pure functions, nothing is allocated.
// A group of one rank, and a message of no bytes, take no time.
#pragma once

#include "sim/comm/fabric.hpp"
#include "sim/comm/nccl_model.hpp"

namespace sextant::sim::comm {

/// `bytes`: the whole buffer, as every rank holds it before and after.
[[nodiscard]] Time all_reduce(const Fabric& fabric, const Group& group, Bytes bytes);

/// `bytes`: the gathered buffer; each rank brings bytes / ranks.
[[nodiscard]] Time all_gather(const Fabric& fabric, const Group& group, Bytes bytes);

/// `bytes`: the buffer before; each rank keeps bytes / ranks.
[[nodiscard]] Time reduce_scatter(const Fabric& fabric, const Group& group, Bytes bytes);

[[nodiscard]] Time broadcast(const Fabric& fabric, const Group& group, Bytes bytes);

/// One message from one rank to one other. Of `pair` only the place counts: {2, 2} are in one NVLink domain, {2, 1}
/// on two nodes, {2, 1, 1, 2} on one node joined by PCIe.
[[nodiscard]] Time send_recv(const Fabric& fabric, const Group& pair, Bytes bytes);

/// All-to-all of `bytes` a rank, an equal part to every rank, itself included.
[[nodiscard]] Time all_to_all(const Fabric& fabric, const Group& group, Bytes bytes);

/// All-to-all of which each rank sends `network` bytes to other nodes and `node` bytes inside its own.
[[nodiscard]] Time all_to_all(const Fabric& fabric, const Group& group, Bytes network, Bytes node);

/// The exchange of DeepEP and HybridEP inside one NVLink domain: one kernel counts, a second writes `bytes` a rank to
/// all peers at once, so that the wait does not grow with their number (deepseek-ai/DeepEP csrc/kernels/intranode.cu).
[[nodiscard]] Time all_at_once(const Fabric& fabric, const Group& group, Bytes bytes);

/// Reduce-scatter in a shard group, all-reduce of the shards between replicas, all-gather in the shard group.
struct HierarchicalTime {
  Time reduce_scatter;
  Time all_reduce;
  Time all_gather;

  [[nodiscard]] Seconds total() const { return reduce_scatter.total + all_reduce.total + all_gather.total; }
};

/// An all-reduce of `bytes` over shard.ranks * replicas.ranks ranks, as HSDP does it. `replicas` are the ranks that
/// hold the same shard: give their ranks_per_domain and nic_share.
[[nodiscard]] HierarchicalTime hierarchical_all_reduce(const Fabric& fabric, const Group& shard, const Group& replicas,
                                                       Bytes bytes);

}  // namespace sextant::sim::comm
