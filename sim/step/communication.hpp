// SPDX-License-Identifier: Apache-2.0
// The collectives of one run: which ranks talk over which links, and how long each exchange takes alone.
#pragma once

#include "base/quantity.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

class Communication {
 public:
  Communication(const Run& run, const Parameters& p);

  /// All-reduce of `bytes` over tp (with sequence parallelism an all-gather and a reduce-scatter: the same traffic).
  [[nodiscard]] Seconds tensor_reduce(Bytes bytes) const;
  [[nodiscard]] Seconds expert_tensor_reduce(Bytes bytes) const;
  /// Keys and values of the other ranks around the context-parallel ring, `bytes` in all.
  [[nodiscard]] Seconds context_exchange(Bytes bytes) const;
  /// One all-to-all of the routed tokens: `bytes` leave or reach a rank, one copy an expert.
  [[nodiscard]] Seconds expert_exchange(Bytes bytes) const;
  /// One micro-batch's hidden states to the next pipeline stage.
  [[nodiscard]] Seconds pipeline_send(Bytes bytes) const;
  /// Reduce-scatter or all-gather of `bytes` over the data-parallel ranks of dense (or expert) parameters.
  [[nodiscard]] Seconds gradient_half(Bytes bytes, bool expert) const;
  /// One gather (or scatter) of a rank's parameters over its shard group; `calls`: separate collectives.
  [[nodiscard]] Seconds shard_gather(Bytes bytes, int group, double calls) const;
  /// All-reduce of shards between the replicas of HSDP.
  [[nodiscard]] Seconds replica_reduce(Bytes bytes, int replicas) const;

  [[nodiscard]] int domain() const { return domain_; }

 private:
  struct Ring {
    double ranks = 1;
    double per_domain = 1;
  };
  [[nodiscard]] Seconds ring(Bytes bytes, Ring group, double passes, double calls) const;

  Parallelism parallelism_;
  int gpus_ = 1;
  int domain_ = 8;
  int experts_per_token_ = 1;
  bool one_copy_per_node_ = false;
  ByteRate nvlink_;
  ByteRate nic_;
  ByteRate nic_ring_;
  ByteRate nic_all_to_all_;
  Seconds latency_;
};

}  // namespace sextant::sim
