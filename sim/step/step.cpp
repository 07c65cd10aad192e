// SPDX-License-Identifier: Apache-2.0
#include "sim/step/step.hpp"

#include <algorithm>
#include <cmath>

#include "sim/step/overlap.hpp"
#include "sim/step/step_parts.hpp"

namespace sextant::sim {

namespace {

constexpr double optimizer_bytes = 34;  // a parameter: read and write of fp32 states, gradient, 16-bit weight

/// Ranks of a ZeRO-1 group that send their updated shard one after the other.
Seconds shard_broadcasts(const Run& run, const Parameters& p) {
  const Parallelism& par = run.parallelism;
  if (!run.stack.broadcasts_shards || par.sharding != Sharding::zero1) return Seconds{};
  const int all = par.dp * par.cp;
  const int group = par.sharding_group > 0 ? std::min(par.sharding_group, all) : all;
  return Seconds{p[Parameter::shard_broadcast]} * (group - 1.0);
}

Seconds gradient_comm(const Run& run, const StepParts& parts, const Parameters& p, const PipelineResult& pipe) {
  const Parallelism& par = run.parallelism;
  const Communication& c = parts.communication;
  const double bytes = reduced_gradient_bytes(run);
  const double layers = static_cast<double>(run.model.layers()) / par.pp;
  if (gathers_parameters(run) || scatters_each_microbatch(run)) {
    const int replicas = par.sharding == Sharding::hsdp ? par.dp * par.cp / std::max(1, shard_group(run)) : 1;
    if (replicas <= 1) return Seconds{};
    const Seconds reduction = c.replica_reduce(Bytes{bytes * parts.state.total() / shard_group(run)}, replicas);
    return exposed_gradients(reduction, Seconds{}, pipe.mean_microbatch, layers, contention_of(p));
  }
  // Reduce-scatter of gradients and all-gather of weights; an all-reduce is both over the gradients, and with ZeRO-1
  // the weights are gathered all the same.
  const bool whole = run.stack.all_reduces_gradients && par.sharding != Sharding::none;
  const auto halves = [&](double each) {
    return c.gradient_half(Bytes{each * parts.state.dense}, false) +
           c.gradient_half(Bytes{each * parts.state.experts}, true);
  };
  const Seconds reduction = halves(whole ? 2.0 * bytes : bytes);
  const Seconds gather = halves(2.0);
  const bool hidden = run.stack.gradients == Overlap::overlapped || run.features.has(Feature::distributed_optimizer) ||
                      run.features.has(Feature::grad_reduce_overlap);
  if (!hidden) return reduction + gather + shard_broadcasts(run, p);
  return exposed_gradients(reduction, gather, pipe.mean_microbatch, layers, contention_of(p)) +
         shard_broadcasts(run, p);
}

Seconds optimizer(const Run& run, const StepParts& parts, const Parameters& p) {
  const Parallelism& par = run.parallelism;
  double dense = parts.state.dense;
  double experts = parts.state.experts;
  const bool sharded = par.sharding == Sharding::zero1 || par.sharding == Sharding::zero2 || gathers_parameters(run);
  if (sharded) {
    const int all = par.dp * par.cp;
    const int group = par.sharding_group > 0 ? std::min(par.sharding_group, all) : all;
    dense /= std::max(1, group);
    experts /= std::max(1, std::min(group, par.edp()));
  }
  return Bytes{p[Parameter::optimizer_traffic] * (dense + experts) * optimizer_bytes} /
         (parts.device.hbm * state_hbm_share);
}

/// The named work of one pipeline rank in the whole step.
Terms rank_terms(const Run& run, const StepParts& parts, int rank) {
  const bool both_ways = run.parallelism.schedule == Schedule::dualpipe && run.parallelism.pp > 1;
  Terms terms;
  for (int s = 0; s < parts.layout.virtual_stages; ++s) {
    const Terms& stage = parts.stages[static_cast<std::size_t>(s)].terms;
    // DualPipe: half of the micro-batches enter from either end, so a rank works for its mirror's stage too.
    const double share = both_ways ? 0.5 : 1.0;
    if (rank_of(s, run.parallelism) == rank) terms.add(stage, share * parts.microbatches);
    if (both_ways && run.parallelism.pp - 1 - s == rank) terms.add(stage, share * parts.microbatches);
  }
  return terms;
}

}  // namespace

StepEstimate evaluate(const Run& run, const Parameters& p, StepWorkspace& workspace) {
  const StepParts parts = step_parts(run, p);
  pipeline_input(run, parts, workspace.input);
  return assemble(run, p, parts, run_pipeline(workspace.input, workspace.pipeline));
}

double straggler_share(const Run& run, const Parameters& p) {
  const double nodes = std::max(1.0, run.cluster.gpus / 8.0);
  return p[Parameter::straggler_per_doubling] * std::log2(nodes);
}

StepEstimate assemble(const Run& run, const Parameters& p, const StepParts& parts, const PipelineResult& pipe) {
  StepEstimate e;
  e.microbatches = parts.microbatches;
  e.busiest_rank = pipe.busiest_rank;
  e.terms = rank_terms(run, parts, pipe.busiest_rank);
  // Overlapped schedules hide exchange behind another micro-batch's compute: what the executor still saw of it counts.
  const Seconds hidden = e.terms.sum() - pipe.busy;
  e.terms[Term::expert_comm] -= max(Seconds{}, min(hidden, e.terms[Term::expert_comm]));
  e.terms[Term::bubble] = max(Seconds{}, pipe.makespan - e.terms.sum());  // rounding may leave it just below nothing
  e.bubble = e.terms[Term::bubble];
  e.terms[Term::gradient_comm] = gradient_comm(run, parts, p, pipe);
  e.terms[Term::optimizer] = optimizer(run, parts, p);
  e.terms[Term::fixed] = Seconds{p[Parameter::step_fixed_time]};
  e.terms[Term::straggler] = e.terms.sum() * straggler_share(run, p);
  e.time = e.terms.sum();
  return e;
}

StepEstimate evaluate(const Run& run, const Parameters& parameters) {
  StepWorkspace workspace;
  return evaluate(run, parameters, workspace);
}

}  // namespace sextant::sim
