// SPDX-License-Identifier: Apache-2.0
#include "sim/search/nodes.hpp"

#include "sim/memory/feasibility.hpp"
#include "sim/search/bound.hpp"

namespace sextant::sim::search {

namespace {

class Branching {
 public:
  Branching(Composer& composer, const Space& space, Counts& counts)
      : composer_(composer), space_(space), counts_(counts), run_(composer.run()) {
    for (const Pipelining& p : space.pipelining) {
      overlaps_ = overlaps_ || p.schedule == Schedule::dualpipe || p.schedule == Schedule::dualpipe_v;
    }
  }

  std::vector<Node> nodes(const Trunk& trunk) {
    run_.parallelism = {};
    run_.precision = trunk.precision;
    for (const int pp : space_.pp) with_ranks(trunk.tp, trunk.cp, pp);
    return std::move(nodes_);
  }

 private:
  void reject(Rejection why) {
    counts_.reject(why);
    ++counts_.groups;
  }

  void with_ranks(int tp, int cp, int pp) {
    if (!set_degrees(run_, tp, cp, pp)) return reject(Rejection::divisibility);
    for (const int micro : space_.micro_sequences) {
      run_.batch.micro_sequences = micro;
      const long long at_once = static_cast<long long>(run_.parallelism.dp) * micro;
      if (run_.batch.global_sequences % at_once != 0) {
        reject(Rejection::batch);
        continue;
      }
      for (const int etp : space_.etp) {
        for (const int ep : space_.ep) with_experts(etp, ep);
      }
    }
  }

  void with_experts(int etp, int ep) {
    Parallelism& p = run_.parallelism;
    p.etp = etp;
    p.ep = ep;
    if (broken_rule(run_)) return reject(Rejection::divisibility);
    composer_.lay_out(run_.precision, p, run_.batch.micro_sequences);
    const Bytes capacity = run_.cluster.gpu.memory;
    const Bytes states = least_memory(run_, composer_.family(), space_.shardings);
    p.sharding = Sharding::none;
    p.sharding_group = 0;
    if (states > capacity - space_.reserve) return reject(Rejection::memory);
    const Seconds makespan = least_makespan(composer_.family(), p, run_.microbatches(), overlaps_);
    nodes_.push_back({run_.precision, p, run_.batch.micro_sequences, composer_.around(makespan), capacity - states});
  }

  Composer& composer_;
  const Space& space_;
  Counts& counts_;
  Run run_;
  bool overlaps_ = false;
  std::vector<Node> nodes_;
};

}  // namespace

std::vector<Trunk> trunks_of(const Space& space) {
  std::vector<Trunk> trunks;
  for (const Precision precision : space.precisions) {
    for (const int tp : space.tp) {
      for (const int cp : space.cp) trunks.push_back({precision, tp, cp});
    }
  }
  return trunks;
}

std::vector<Node> nodes_of(const Trunk& trunk, Composer& composer, const Space& space, Counts& counts) {
  return Branching(composer, space, counts).nodes(trunk);
}

}  // namespace sextant::sim::search
