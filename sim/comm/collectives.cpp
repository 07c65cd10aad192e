// SPDX-License-Identifier: Apache-2.0
#include "sim/comm/collectives.hpp"

namespace sextant::sim::comm {

Time all_reduce(const Fabric& f, const Group& g, Bytes bytes) { return fastest(f, g, Collective::all_reduce, bytes); }

Time all_gather(const Fabric& f, const Group& g, Bytes bytes) { return fastest(f, g, Collective::all_gather, bytes); }

Time reduce_scatter(const Fabric& f, const Group& g, Bytes bytes) {
  return fastest(f, g, Collective::reduce_scatter, bytes);
}

Time broadcast(const Fabric& f, const Group& g, Bytes bytes) { return fastest(f, g, Collective::broadcast, bytes); }

HierarchicalTime hierarchical_all_reduce(const Fabric& f, const Group& shard, const Group& replicas, Bytes bytes) {
  return {reduce_scatter(f, shard, bytes), all_reduce(f, replicas, bytes / static_cast<double>(shard.ranks)),
          all_gather(f, shard, bytes)};
}

}  // namespace sextant::sim::comm
