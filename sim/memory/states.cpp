// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/states.hpp"

#include <algorithm>

namespace sextant::sim {

namespace {

constexpr double half = 2.0;             // bytes of a 16-bit parameter
constexpr double single = 4.0;           // bytes of an fp32 parameter
constexpr double fp4_pair = 2 * 0.5625;  // FP4 and its transposed copy, scales included

[[nodiscard]] bool gathers_weights(const Run& run) {
  return run.parallelism.sharding == Sharding::zero3 || run.parallelism.sharding == Sharding::hsdp;
}

/// Bytes of a weight that FP8 or FP4 GEMMs read. There are no primary FP4 weights: copies stand beside 16 bits.
double low_precision_weight(const Run& run) {
  const StackMemory& m = run.stack.memory;
  if (m.weight_bytes > half) return m.weight_bytes;
  return run.precision == Precision::nvfp4 ? m.weight_bytes + fp4_pair : m.low_precision_weight_bytes;
}

/// What a micro-batch's gradient takes before it is added up or reduced.
double main_gradient_bytes(const Run& run) {
  if (run.features.has(Feature::fp32_gradients)) return single;
  const double stack = run.stack.memory.main_gradient_bytes;
  // Loss-scaled gradients are kept as they come (Megatron-LM and DeepSpeed alike).
  return run.precision == Precision::fp16 ? std::min(stack, half) : stack;
}

}  // namespace

ShardGroups shard_groups(const Run& run, bool experts) {
  const Parallelism& p = run.parallelism;
  double ranks = experts ? p.edp() : static_cast<double>(p.dp) * p.cp;
  if (p.sharding_group > 0) ranks = std::min(ranks, static_cast<double>(p.sharding_group) * (experts ? 1 : p.cp));
  ShardGroups g;
  if (p.sharding == Sharding::none) return g;
  g.optimizer = ranks;
  if (p.sharding != Sharding::zero1 || run.stack.memory.shards_main_gradients) g.gradients = ranks;
  if (gathers_weights(run)) g.weights = ranks;
  // Sharded fp32 weights are the optimizer's own; ZeRO-2 gathers all of them in 16 bits.
  if (p.sharding == Sharding::zero2 && run.stack.memory.weight_bytes > half) g.weights = ranks;
  return g;
}

double kept_gradient_bytes(const Run& run) {
  const double main = main_gradient_bytes(run);
  return main > half && !run.stack.memory.fuses_gradient_accumulation ? main + half : main;
}

double optimizer_bytes(const Run& run) {
  const StackMemory& m = run.stack.memory;
  return m.master_bytes + m.first_moment_bytes + m.second_moment_bytes;
}

Bytes gradient_copies(const Run& run, const RankParameters& rank) {
  if (main_gradient_bytes(run) >= single || run.stack.memory.master_bytes <= 0) return Bytes{};
  return Bytes{single *
               (rank.dense / shard_groups(run, false).optimizer + rank.experts / shard_groups(run, true).optimizer)};
}

void add_states(const Run& run, const RankParameters& rank, double largest_layer, MemoryTerms& terms) {
  const StackMemory& m = run.stack.memory;
  const ShardGroups dense = shard_groups(run, false);
  const ShardGroups experts = shard_groups(run, true);
  const bool low = is_eight_bit_or_less(run.precision);
  const double narrow = low ? low_precision_weight(run) : m.weight_bytes;
  // Embedding and head stay in 16 bits; norms and routers do too but weigh nothing.
  terms[MemoryTerm::weights] =
      Bytes{(m.weight_bytes * rank.tables + narrow * (rank.dense - rank.tables)) / dense.weights +
            narrow * rank.experts / experts.weights};
  const double gradient = kept_gradient_bytes(run);
  terms[MemoryTerm::gradients] = Bytes{gradient * (rank.dense / dense.gradients + rank.experts / experts.gradients)};
  terms[MemoryTerm::optimizer] =
      Bytes{optimizer_bytes(run) * (rank.dense / dense.optimizer + rank.experts / experts.optimizer)};
  const bool sharded = dense.weights > 1 || experts.weights > 1;
  if (gathers_weights(run) && sharded) {
    // The root unit holds both tables from the forward to the backward pass.
    terms[MemoryTerm::gathered_weights] = Bytes{half * (m.gathered_layers * largest_layer + rank.tables)};
  } else if (sharded) {
    terms[MemoryTerm::gathered_weights] = Bytes{half * rank.total()};
  }
  if (dense.gradients > 1 || experts.gradients > 1) {
    terms[MemoryTerm::gradients] += Bytes{half * std::max(largest_layer, rank.tables)};
  }
}

}  // namespace sextant::sim
