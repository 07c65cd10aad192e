// SPDX-License-Identifier: Apache-2.0
#include "sim/search/candidate.hpp"

#include <tuple>

namespace sextant::sim::search {

namespace {

unsigned bits(const Modules& modules) {
  unsigned out = 0;
  for (const auto& [name, module] : module_names) out |= modules.has(module) ? 1U << static_cast<unsigned>(module) : 0U;
  return out;
}

auto key(const Candidate& c) {
  const Parallelism& p = c.parallelism;
  return std::tuple(c.gpus, c.precision, p.tp, p.cp, p.pp, p.ep, p.etp, c.micro_sequences, p.schedule, p.vp, p.sharding,
                    p.sharding_group, c.recompute.mode, c.recompute.layers, bits(c.recompute.modules));
}

}  // namespace

Run run_of(const Run& base, const Candidate& candidate) {
  Run run = base;
  if (run.cluster.gpus != candidate.gpus) run.cluster = hardware::resized(std::move(run.cluster), candidate.gpus);
  apply(candidate, run);
  return run;
}

bool before(const Candidate& a, const Candidate& b) { return key(a) < key(b); }

bool same_layout(const Candidate& a, const Candidate& b) {
  const Parallelism& p = a.parallelism;
  const Parallelism& q = b.parallelism;
  return a.gpus == b.gpus && a.precision == b.precision && a.micro_sequences == b.micro_sequences && p.tp == q.tp &&
         p.cp == q.cp && p.pp == q.pp && p.vp == q.vp && p.ep == q.ep && p.etp == q.etp && p.schedule == q.schedule;
}

}  // namespace sextant::sim::search
