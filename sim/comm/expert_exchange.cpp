// SPDX-License-Identifier: Apache-2.0
#include "sim/comm/expert_exchange.hpp"

#include <algorithm>

#include "sim/comm/collectives.hpp"

namespace sextant::sim::comm {

double expected_distinct(int experts, int top_k, int bins) {
  if (bins <= 1 || experts <= 1) return std::min(1, top_k);
  // Probability that none of the choices falls into one given bin. Bins need not divide the experts.
  const double outside = experts - static_cast<double>(experts) / bins;
  double missed = 1.0;
  for (int i = 0; i < top_k && missed > 0.0; ++i) missed *= std::max(0.0, outside - i) / (experts - i);
  return bins * (1.0 - missed);
}

double expected_nodes(const ExpertRouting& r, int nodes) {
  if (r.node_limit <= 0 || r.node_limit >= nodes) return expected_distinct(r.experts, r.top_k, nodes);
  return expected_distinct(r.experts * r.node_limit / nodes, r.top_k, r.node_limit);
}

double expected_ranks(const ExpertRouting& r, int nodes, int ranks_per_node) {
  if (r.node_limit <= 0 || r.node_limit >= nodes) {
    return expected_distinct(r.experts, r.top_k, nodes * ranks_per_node);
  }
  return expected_distinct(r.experts * r.node_limit / nodes, r.top_k, r.node_limit * ranks_per_node);
}

ExchangeBytes dispatch_bytes(const Group& g, const ExpertRouting& r, Dispatcher dispatcher, double tokens,
                             Bytes token_bytes) {
  const Bytes all = token_bytes * tokens;
  const int nodes = g.nodes();
  const int per_node = std::min(g.per_node(), g.ranks);
  const double elsewhere = static_cast<double>(nodes - 1) / nodes;
  if (dispatcher == Dispatcher::all_to_all) {
    const Bytes sent = all * static_cast<double>(r.top_k);
    return {sent * elsewhere, sent * ((1.0 - elsewhere) * (per_node - 1) / per_node), sent};
  }
  const double ranks = expected_ranks(r, nodes, per_node);
  const double to_nodes = expected_nodes(r, nodes);
  return {all * (to_nodes * elsewhere), g.ranks > 1 ? all * ranks : Bytes{}, all * (nodes > 1 ? to_nodes : ranks)};
}

Time expert_exchange(const Fabric& f, const Group& g, const ExpertRouting& r, Dispatcher dispatcher, double tokens,
                     Bytes token_bytes) {
  const ExchangeBytes b = dispatch_bytes(g, r, dispatcher, tokens, token_bytes);
  if (dispatcher == Dispatcher::deduplicated && g.nodes() == 1) return all_at_once(f, g, b.node);
  return all_to_all(f, g, b.network, b.node);
}

}  // namespace sextant::sim::comm
