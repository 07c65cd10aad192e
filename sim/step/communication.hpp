// SPDX-License-Identifier: Apache-2.0
// The collectives of one run: which ranks talk over which links, and how long each exchange takes alone.
#pragma once

#include "base/quantity.hpp"
#include "sim/comm/expert_exchange.hpp"
#include "sim/comm/fabric.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// The calibrated share of its NICs' line rate that rings between nodes of the cluster reach.
[[nodiscard]] Parameter ring_efficiency_of(const hardware::Cluster& cluster);

class Communication {
 public:
  Communication(const Run& run, const Parameters& p);

  /// Goes over to another layout of the same GPUs, model and stack.
  void lay_out(const Parallelism& parallelism) { parallelism_ = parallelism; }

  /// All-reduce of `bytes` over tp; with sequence parallelism an all-gather and a reduce-scatter.
  [[nodiscard]] Seconds tensor_reduce(Bytes bytes) const;
  /// All-gather of `bytes` over tp.
  [[nodiscard]] Seconds tensor_gather(Bytes bytes) const;
  /// All-gather and reduce-scatter of `bytes` of routed rows over etp.
  [[nodiscard]] Seconds expert_tensor_reduce(Bytes bytes) const;
  /// Keys and values of the other ranks around the context-parallel ring, `bytes` in all.
  [[nodiscard]] Seconds context_exchange(Bytes bytes) const;
  /// One dispatch or combine of `tokens` tokens a rank, `token_bytes` each.
  [[nodiscard]] Seconds expert_exchange(double tokens, Bytes token_bytes) const;
  /// One micro-batch's hidden states to the next pipeline stage.
  [[nodiscard]] Seconds pipeline_send(Bytes bytes) const;
  /// Reduce-scatter or all-gather of `bytes` over the data-parallel ranks of dense (or expert) parameters.
  [[nodiscard]] Seconds gradient_half(Bytes bytes, bool expert) const;
  /// One gather (or scatter) of a rank's parameters over its shard group in `calls` collectives.
  [[nodiscard]] Seconds shard_gather(Bytes bytes, int group, double calls) const;
  /// All-reduce of shards between the replicas of HSDP.
  [[nodiscard]] Seconds replica_reduce(Bytes bytes, int replicas) const;

 private:
  /// `ranks` that lie `stride` apart in the order of ranks.
  [[nodiscard]] comm::Group strided(int ranks, int stride) const;

  Parallelism parallelism_;
  comm::Fabric fabric_;
  comm::ExpertRouting routing_;
  comm::Dispatcher dispatcher_ = comm::Dispatcher::all_to_all;
  int gpus_ = 1;
};

}  // namespace sextant::sim
