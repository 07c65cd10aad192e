// SPDX-License-Identifier: Apache-2.0
#include "sim/step/communication.hpp"

#include <algorithm>
#include <cmath>

namespace sextant::sim {

namespace {

constexpr double ring_nvlink_share = 0.80;  // bus bandwidth of NCCL rings over the links' rate, nccl-tests
constexpr double exchange_nvlink_share = 0.7;  // all-to-all between eight GPUs against a ring's bus bandwidth
constexpr double context_nvlink_share = 0.8;
constexpr double pipeline_nvlink_share = 0.7;
constexpr double pipeline_nic_share = 0.8;
constexpr Seconds exchange_latency{40e-6};
constexpr Seconds send_latency{15e-6};
constexpr Seconds ring_hop{4.5e-6};  // a step of a ring across nodes, nccl-tests of large rings
constexpr double longest_ring = 2048;

}  // namespace

Communication::Communication(const Run& run, const Parameters& p)
    : parallelism_(run.parallelism), gpus_(run.cluster.gpus), domain_(std::max(1, run.cluster.nvlink_domain)) {
  const bool ampere = run.cluster.gpu.architecture == hardware::Architecture::ampere ||
                      run.cluster.gpu.architecture == hardware::Architecture::volta;
  nvlink_ = run.cluster.gpu.nvlink * ring_nvlink_share;
  nic_ = run.cluster.nic_per_gpu;
  nic_ring_ = nic_ * p[ampere ? Parameter::nic_ring_ampere : Parameter::nic_ring_hopper];
  nic_all_to_all_ = nic_ * p[Parameter::nic_all_to_all];
  latency_ = Seconds{p[Parameter::collective_latency]};
  one_copy_per_node_ = run.features.has(Feature::node_dedup_dispatch);
  for (const models::Layer& layer : run.model.kinds) {
    experts_per_token_ = std::max(experts_per_token_, layer.mlp.experts_per_token);
  }
}

Seconds Communication::ring(Bytes bytes, Ring g, double passes, double calls) const {
  if (g.ranks <= 1) return Seconds{};
  const double local = std::min(g.ranks, std::max(1.0, g.per_domain));
  const double nodes = std::ceil(g.ranks / std::max(1.0, g.per_domain));
  ByteRate rate = nvlink_;
  if (nodes > 1) rate = min(nvlink_, nic_ring_ * local);
  // Between two nodes an all-reduce's tree crosses the network once.
  if (nodes == 2 && passes == 2) rate = min(nvlink_, nic_ring_ * (2.0 * local));
  const Seconds launch = latency_ * (0.5 + (local - 1.0) / 4.0);
  const Seconds hops = nodes > 1 ? ring_hop * std::min(g.ranks, longest_ring) : Seconds{};
  return bytes * (passes * (g.ranks - 1.0) / g.ranks) / rate + (launch + hops) * (passes * calls);
}

Seconds Communication::tensor_reduce(Bytes bytes) const {
  return ring(bytes, {static_cast<double>(parallelism_.tp), static_cast<double>(domain_)}, 2, 1);
}

Seconds Communication::expert_tensor_reduce(Bytes bytes) const {
  return ring(bytes, {static_cast<double>(parallelism_.etp), static_cast<double>(domain_)}, 2, 1);
}

Seconds Communication::context_exchange(Bytes bytes) const {
  const int cp = parallelism_.cp;
  if (cp <= 1) return Seconds{};
  const bool across = cp * parallelism_.tp > domain_;
  return bytes / (across ? nic_ring_ : nvlink_ * context_nvlink_share) + Seconds{10e-6} * (cp - 1.0);
}

Seconds Communication::expert_exchange(Bytes bytes) const {
  const double ep = parallelism_.ep;
  if (ep <= 1) return Seconds{};
  const double nodes = std::ceil(ep * parallelism_.etp / domain_);
  const Bytes local = bytes * ((ep - 1.0) / ep);
  Seconds time = local / (nvlink_ * exchange_nvlink_share);
  if (nodes > 1) {
    const double copies = one_copy_per_node_ ? std::min<double>(experts_per_token_, nodes) / experts_per_token_ : 1.0;
    time = max(time, bytes * (copies * (1.0 - 1.0 / nodes)) / nic_all_to_all_);
  }
  return time + exchange_latency;
}

Seconds Communication::pipeline_send(Bytes bytes) const {
  if (parallelism_.pp <= 1) return Seconds{};
  const bool inside = gpus_ <= domain_;
  return bytes / (inside ? nvlink_ * pipeline_nvlink_share : nic_ * pipeline_nic_share) + send_latency;
}

Seconds Communication::gradient_half(Bytes bytes, bool expert) const {
  const Parallelism& p = parallelism_;
  const Ring group = expert ? Ring{static_cast<double>(p.edp()), std::floor(static_cast<double>(domain_) / (p.ep * p.etp))}
                            : Ring{static_cast<double>(p.dp) * p.cp, std::floor(static_cast<double>(domain_) / p.tp)};
  return ring(bytes, {group.ranks, std::max(1.0, group.per_domain)}, 1, 1);
}

Seconds Communication::shard_gather(Bytes bytes, int group, double calls) const {
  const double per_domain = std::max(1.0, std::floor(static_cast<double>(domain_) / parallelism_.tp));
  return ring(bytes, {static_cast<double>(group), per_domain}, 1, calls);
}

Seconds Communication::replica_reduce(Bytes bytes, int replicas) const {
  return ring(bytes, {static_cast<double>(replicas), 1.0}, 2, 1);
}

}  // namespace sextant::sim
