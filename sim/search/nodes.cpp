// SPDX-License-Identifier: Apache-2.0
#include "sim/search/nodes.hpp"

#include "sim/memory/feasibility.hpp"
#include "sim/search/bound.hpp"

namespace sextant::sim::search {

namespace {

class Branching {
 public:
  Branching(Composer& composer, const Space& space, Counts& counts)
      : composer_(composer),
        space_(space),
        counts_(counts),
        run_(composer.run()),
        sequences_(run_.batch.global_sequences) {
    overlaps_ = overlaps_exchange(run_);
    for (const Pipelining& p : space.pipelining) {
      overlaps_ = overlaps_ || overlaps(p.schedule);
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
    if (space_.dp && run_.parallelism.dp != *space_.dp) return reject(Rejection::divisibility);
    for (const int micro : space_.micro_sequences) {
      run_.batch.micro_sequences = micro;
      const long long at_once = static_cast<long long>(run_.parallelism.dp) * micro;
      if (space_.rounds_batch ? at_once > sequences_ : sequences_ % at_once != 0) {
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
    if (breaks_rule()) return reject(Rejection::divisibility);
    composer_.lay_out(run_.precision, p, run_.batch.micro_sequences);
    const Bytes capacity = run_.cluster.gpu.memory;
    const Bytes states = least_memory(run_, composer_.family(), space_.shardings);
    p.sharding = Sharding::none;
    p.sharding_group = 0;
    if (!space_.ignores_memory && states > capacity - space_.reserve) return reject(Rejection::memory);
    const Seconds makespan = least_makespan(composer_.family(), p, run_.microbatches(), overlaps_);
    nodes_.push_back({run_.precision, p, run_.batch.micro_sequences, composer_.around(makespan), capacity - states});
  }

  /// Of the run, or of the one with the rounded batch.
  [[nodiscard]] bool breaks_rule() {
    const int at_once = run_.parallelism.dp * run_.batch.micro_sequences;
    run_.batch.global_sequences = (sequences_ + at_once - 1) / at_once * at_once;
    const bool broken = broken_rule(run_).has_value();
    run_.batch.global_sequences = sequences_;
    return broken;
  }

  Composer& composer_;
  const Space& space_;
  Counts& counts_;
  Run run_;
  int sequences_;
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
