// SPDX-License-Identifier: Apache-2.0
#include "sim/search/bound.hpp"

#include <algorithm>
#include <limits>

#include "sim/memory/states.hpp"
#include "sim/workload/stage_layout.hpp"

namespace sextant::sim::search {

bool overlaps(Schedule s) {
  return s == Schedule::dualpipe || s == Schedule::dualpipe_v || s == Schedule::interleaved_overlap;
}

namespace {

/// Schedules whose ranks end with the backward pass of their first stage, which all stages before it wait for.
bool ends_with_backward(Schedule s) {
  return s == Schedule::gpipe || s == Schedule::one_f_one_b || s == Schedule::interleaved;
}

/// A pair takes its compute at least; its exchange would bound it too, but not the items that run alone.
Seconds work_of(const PipelineStage& s, bool overlapped) {
  return overlapped ? s.forward_compute + s.backward_compute : s.forward + s.backward;
}

/// Work of one micro-batch on a rank. DualPipe's micro-batches go half to its stage and half to its mirror's.
Seconds rank_work(const Parallelism& p, const StepParts& parts, int rank) {
  const bool overlapped = overlaps(p.schedule);
  const int chunks = chunks_per_rank(p);
  Seconds work;
  for (int c = 0; c < chunks; ++c) {
    work += work_of(parts.stages[static_cast<std::size_t>(virtual_stage_of(rank, c, p))].time, overlapped);
  }
  return p.schedule == Schedule::dualpipe ? work * 0.5 : work;
}

}  // namespace

Seconds makespan_bound(const Run& run, const StepParts& parts) {
  const Parallelism& p = run.parallelism;
  if (p.pp == 1) {
    Seconds work;
    for (const StageCost& s : parts.stages) work += work_of(s.time, overlaps_exchange(run));
    return work * parts.microbatches;
  }
  const Seconds hop = edge(run, parts);
  // In DualPipe both ends begin at once, and what comes before a rank is the shorter of two ways: left out.
  const bool one_way = p.schedule != Schedule::dualpipe;
  Seconds most;
  Seconds way;
  for (int r = 0; r < p.pp; ++r) {
    most = max(most, way + rank_work(p, parts, r) * parts.microbatches);
    const PipelineStage& s = parts.stages[static_cast<std::size_t>(r)].time;
    if (one_way) way += s.forward + hop;
    if (ends_with_backward(p.schedule)) way += s.backward + hop;
  }
  return most;
}

Seconds least_makespan(const LayerFamily& family, const Parallelism& p, double microbatches, bool overlapped) {
  return (overlapped ? family.work_overlapped : family.work) * (microbatches / p.pp);
}

Bytes least_memory(Run& run, const LayerFamily& family, std::span<const ShardChoice> shardings) {
  RankParameters mean = family.parameters;
  mean.dense /= run.parallelism.pp;
  mean.experts /= run.parallelism.pp;
  Bytes least{std::numeric_limits<double>::infinity()};
  for (const ShardChoice& s : shardings) {
    run.parallelism.sharding = s.sharding;
    run.parallelism.sharding_group = s.group;
    MemoryTerms terms;
    add_states(run, mean, 0.0, terms);
    least = min(least, terms.sum());
  }
  return (least + run.stack.memory.workspace) * rounding_down;
}

}  // namespace sextant::sim::search
