// SPDX-License-Identifier: Apache-2.0
// One configuration of a search: what it chooses; everything else is the base run's.
#pragma once

#include "sim/run/run.hpp"

namespace sextant::sim::search {

struct Candidate {
  int gpus = 1;
  Precision precision = Precision::bf16;
  Parallelism parallelism;
  int micro_sequences = 1;
  Recompute recompute;

  bool operator==(const Candidate&) const = default;
};

/// Makes the run the candidate's; the cluster must have the candidate's size already.
inline void apply(const Candidate& c, Run& run) {
  run.precision = c.precision;
  run.parallelism = c.parallelism;
  run.batch.micro_sequences = c.micro_sequences;
  run.recompute = c.recompute;
}

/// The base run as the candidate has it.
[[nodiscard]] Run run_of(const Run& base, const Candidate& candidate);

/// A total order that decides between equals: fewer ranks to talk to, less recompute. Independent of how a search goes.
[[nodiscard]] bool before(const Candidate& a, const Candidate& b);

/// Whether two candidates differ only in what they recompute and shard: the same layout to its users.
[[nodiscard]] bool same_layout(const Candidate& a, const Candidate& b);

}  // namespace sextant::sim::search
