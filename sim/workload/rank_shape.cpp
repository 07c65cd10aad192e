// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/rank_shape.hpp"

#include <algorithm>

namespace sextant::sim {

bool deduplicates_dispatch(const Run& run) {
  if (run.stack.deduplicated_dispatch || run.features.has(Feature::node_dedup_dispatch)) return true;
  const Parallelism& p = run.parallelism;
  return run.deduplicates_across_domains && p.ep * p.etp > run.cluster.nvlink_domain;
}

bool is_compiled(const Run& run) { return run.stack.compiled || run.features.has(Feature::compiled); }

double expert_imbalance(Routing routing, const Parameters& p) {
  switch (routing) {
    case Routing::balanced:
    case Routing::dropped: return 1.0;
    case Routing::natural: return p[Parameter::imbalance_natural];
    case Routing::unknown: return p[Parameter::imbalance_unknown];
  }
  return 1.0;
}

RankShape rank_shape(const Run& run, const models::Mlp& mlp, double imbalance) {
  const Parallelism& p = run.parallelism;
  RankShape s;
  s.tokens = static_cast<double>(run.batch.micro_sequences) * run.batch.seq_len / p.cp;
  s.sequence_tokens = p.sequence_parallel ? s.tokens / p.tp : s.tokens;
  if (mlp.kind == models::Mlp::Kind::moe) {
    s.routed_tokens = s.tokens / p.tp * mlp.experts_per_token * imbalance;
    s.local_experts = std::max(1.0, static_cast<double>(mlp.experts) / p.ep);
  }
  return s;
}

}  // namespace sextant::sim
