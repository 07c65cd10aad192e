// SPDX-License-Identifier: Apache-2.0
#include "sim/step/communication.hpp"

#include <algorithm>

#include "sim/comm/collectives.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim {

Parameter ring_efficiency_of(const hardware::Cluster& cluster) {
  switch (comm::fabric_class(cluster)) {
    case comm::FabricClass::up_to_200g: return Parameter::nic_ring_200g;
    case comm::FabricClass::infiniband: return Parameter::nic_ring_400g;
    case comm::FabricClass::ethernet: return Parameter::nic_ring_ethernet;
  }
  return Parameter::nic_ring_400g;
}

Communication::Communication(const Run& run, const Parameters& p)
    : parallelism_(run.parallelism), fabric_(comm::fabric_of(run.cluster)), gpus_(run.cluster.gpus) {
  // What is known of this very network goes before what is calibrated for its class.
  const hardware::Fabric& network = run.cluster.network;
  fabric_.nic_ring_efficiency = network.link_efficiency.value_or(p[ring_efficiency_of(run.cluster)]);
  fabric_.nic_all_to_all_efficiency = network.all_to_all_efficiency.value_or(p[Parameter::nic_all_to_all]);
  fabric_.call_latency = Seconds{p[Parameter::collective_latency]};
  for (const models::Layer& layer : run.model.kinds) {
    if (layer.mlp.kind != models::Mlp::Kind::moe) continue;
    routing_ = {layer.mlp.experts, layer.mlp.experts_per_token, run.node_limit};
  }
  if (deduplicates_dispatch(run)) {
    dispatcher_ = comm::Dispatcher::deduplicated;
  }
}

comm::Group Communication::strided(int ranks, int stride) const {
  const int per_domain = std::clamp(fabric_.domain / std::max(1, stride), 1, std::max(1, ranks));
  const int per_node = std::clamp(fabric_.node() / std::max(1, stride), 1, std::max(1, ranks));
  return {ranks, per_domain, 1, per_node};
}

Seconds Communication::tensor_reduce(Bytes bytes) const {
  const comm::Group group = strided(parallelism_.tp, 1);
  if (!parallelism_.sequence_parallel) return comm::all_reduce(fabric_, group, bytes).total;
  return comm::all_gather(fabric_, group, bytes).total + comm::reduce_scatter(fabric_, group, bytes).total;
}

Seconds Communication::tensor_gather(Bytes bytes) const {
  return comm::all_gather(fabric_, strided(parallelism_.tp, 1), bytes).total;
}

Seconds Communication::expert_tensor_reduce(Bytes bytes) const {
  const comm::Group group = strided(parallelism_.etp, 1);
  return comm::all_gather(fabric_, group, bytes).total + comm::reduce_scatter(fabric_, group, bytes).total;
}

Seconds Communication::context_exchange(Bytes bytes) const {
  const int cp = parallelism_.cp;
  if (cp <= 1) return Seconds{};
  const comm::Group ring = strided(cp, parallelism_.tp);
  const comm::Group pair{2, ring.ranks_per_domain >= cp ? 2 : 1};
  return comm::send_recv(fabric_, pair, bytes / (cp - 1.0)).total * (cp - 1.0);
}

Seconds Communication::expert_exchange(double tokens, Bytes token_bytes) const {
  if (parallelism_.ep <= 1) return Seconds{};
  const comm::Group group = strided(parallelism_.ep, parallelism_.etp);
  return comm::expert_exchange(fabric_, group, routing_, dispatcher_, tokens, token_bytes).total;
}

Seconds Communication::pipeline_send(Bytes bytes) const {
  if (parallelism_.pp <= 1) return Seconds{};
  const comm::Group pair{2, gpus_ <= fabric_.domain ? 2 : 1};
  return comm::send_recv(fabric_, pair, bytes).total;
}

Seconds Communication::gradient_half(Bytes bytes, bool expert) const {
  const Parallelism& p = parallelism_;
  const comm::Group group = expert ? strided(p.edp(), p.ep * p.etp) : strided(p.dp * p.cp, p.tp);
  return comm::reduce_scatter(fabric_, group, bytes).total;
}

Seconds Communication::shard_gather(Bytes bytes, int group, double calls) const {
  return comm::all_gather(fabric_, strided(group, parallelism_.tp), bytes / calls).total * calls;
}

Seconds Communication::replica_reduce(Bytes bytes, int replicas) const {
  return comm::all_reduce(fabric_, {replicas, 1}, bytes).total;
}

}  // namespace sextant::sim
