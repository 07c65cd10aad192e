// SPDX-License-Identifier: Apache-2.0
#include "sim/step/overlap.hpp"

namespace sextant::sim {

namespace {

constexpr double pair_share = 0.033;  // exposed of the exchange in DeepSeek-V3's pairs (deepseek-ai/profile-data)

/// Half of a layer's GEMMs are column-parallel and half row-parallel, by time.
constexpr double half = 0.5;

}  // namespace

Contention contention_of(const Parameters& p) {
  return {p[Parameter::contention_compute], p[Parameter::contention_communication]};
}

Contention pair_contention(const Stack& stack, const Parameters& p) {
  Contention c = contention_of(p);
  if (stack.reserved_sms > 0) c.compute = pair_share / (1.0 - pair_share);
  return c;
}

bool overlaps_tensor(const Run& run) {
  const bool said = run.stack.tensor == Overlap::overlapped || run.features.has(Feature::tp_overlap);
  return said && run.parallelism.tp > 1;
}

Passes exposed_tensor(const Run& run, Seconds collectives, Passes gemms, Seconds weight_gradients, Contention c) {
  if (!(collectives.value() > 0)) return {};
  const Seconds input_gradients = gemms.backward - weight_gradients;
  if (overlaps_tensor(run)) {
    const double pieces = run.parallelism.tp;
    return {exposed_in_pieces(gemms.forward, collectives, pieces, c),
            exposed_in_pieces(input_gradients * half, collectives * half, pieces, c) +
                exposed(weight_gradients * half, collectives * half, c)};
  }
  if (run.stack.tensor_backward == Overlap::exposed) return {collectives, collectives};
  if (!run.parallelism.sequence_parallel) return {collectives, exposed(weight_gradients * half, collectives, c)};
  return {collectives, collectives * half + exposed(input_gradients * half, collectives * half, c) +
                           exposed(weight_gradients * half, collectives * half, c)};
}

Passes exposed_context(const Run& run, Seconds exchange, Passes attention, Contention c) {
  if (!(exchange.value() > 0)) return {};
  const double beside = 1.0 - 1.0 / run.parallelism.cp;  // the last block has nothing left to fetch
  return {exposed(attention.forward * beside, exchange, c), exposed(attention.backward * beside, exchange * 2.0, c)};
}

Passes exposed_shards(const Run& run, const ShardTraffic& t, Passes compute, double layers, Contention c) {
  // A run that says it gathers ahead of use (XLA's latency-hiding scheduler, --overlap-param-gather) does.
  const bool said = run.features.has(Feature::param_gather_overlap);
  switch (said ? ShardPrefetch::both_passes : run.stack.shard_prefetch) {
    case ShardPrefetch::both_passes:
      return {exposed_in_pieces(compute.forward, t.gather, layers, c),
              exposed_in_pieces(compute.backward, t.gather + t.scatter, layers, c)};
    case ShardPrefetch::forward_pass:
      return {exposed_in_pieces(compute.forward, t.gather, layers, c), t.gather + t.scatter};
    case ShardPrefetch::none: return {t.gather, t.gather + exposed_in_pieces(compute.backward, t.scatter, layers, c)};
  }
  return {};
}

Seconds exposed_gradients(Seconds reduction, Seconds gather, Passes microbatch, double buckets, Contention c) {
  return exposed_in_pieces(microbatch.backward, reduction, buckets, c) +
         exposed_in_pieces(microbatch.forward, gather, buckets, c);
}

bool sends_block(const Run& run) {
  switch (run.parallelism.schedule) {
    case Schedule::gpipe:
    case Schedule::one_f_one_b: return true;
    case Schedule::interleaved: return run.stack.pipeline == Overlap::exposed;
    case Schedule::interleaved_overlap:
    case Schedule::zb_h1:
    case Schedule::zbv:
    case Schedule::dualpipe:
    case Schedule::dualpipe_v: return false;
  }
  return true;
}

Seconds send_cost(const Run& run, Seconds send, Contention c) {
  if (sends_block(run)) return send;
  return send * ((1.0 + c.communication) * (c.compute / (1.0 + c.compute)));
}

}  // namespace sextant::sim
