// SPDX-License-Identifier: Apache-2.0
// Communication beside compute on one GPU: while both run both are slower, what is left of the longer one runs alone.
#pragma once

#include "base/quantity.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// What each costs the other while both run, as a share of the time it takes alone.
struct Contention {
  double compute = 0;        ///< of compute: SMs, memory bandwidth and power that the collective takes
  double communication = 0;  ///< of communication

  bool operator==(const Contention&) const = default;
};

[[nodiscard]] Contention contention_of(const Parameters& parameters);

/// The same where a forward's expert exchange runs beside a backward's compute. Compute of a stack that keeps SMs for
/// the exchange is costed on the others already: what is left is the share of DeepSeek-V3's trace (3.3 % of a pair).
[[nodiscard]] Contention pair_contention(const Stack& stack, const Parameters& parameters);

/// What `communication` adds to `compute` when both start together.
[[nodiscard]] constexpr Seconds exposed(Seconds compute, Seconds communication, Contention c) {
  const Seconds slow_compute = compute * (1.0 + c.compute);
  const Seconds slow_communication = communication * (1.0 + c.communication);
  if (slow_communication <= slow_compute) return slow_communication * (c.compute / (1.0 + c.compute));
  return communication - compute + slow_compute * (c.communication / (1.0 + c.communication));
}

/// The same where one follows the other piece by piece, in `pieces` equal ones: nothing runs beside the first (or the
/// last) piece of communication.
[[nodiscard]] constexpr Seconds exposed_in_pieces(Seconds compute, Seconds communication, double pieces, Contention c) {
  const double alone = pieces > 1.0 ? 1.0 / pieces : 1.0;
  return communication * alone + exposed(compute * (1.0 - alone), communication * (1.0 - alone), c);
}

/// Something of a forward and of a backward pass.
struct Passes {
  Seconds forward;
  Seconds backward;
};

/// Whether tensor-parallel collectives run beside the GEMMs they belong to, piece by piece.
[[nodiscard]] bool overlaps_tensor(const Run& run);

/// A layer's tensor-parallel collectives, `collectives` long in each pass, that its GEMMs do not hide: two all-reduces
/// (or all-gathers and reduce-scatters) a pass.
/// Overlapped with GEMMs (Transformer Engine's userbuffers): tp pieces of a gather or scatter beside as many of the
/// GEMM that needs or makes it; the backward's column-parallel half is whole beside whole weight gradients.
/// Otherwise the forward waits for all of them, and the backward for what row-parallel layers gather; what
/// column-parallel layers send runs beside their weight gradients, and what they gather again beside their input
/// gradients (Megatron-Core, tensor_parallel/layers.py), where the stack does so.
[[nodiscard]] Passes exposed_tensor(const Run& run, Seconds collectives, Passes gemms, Seconds weight_gradients,
                                    Contention c);

/// A context-parallel ring's exchange beside attention: the next block of keys and values travels while one is used,
/// and the backward pass sends their gradients too.
[[nodiscard]] Passes exposed_context(const Run& run, Seconds exchange, Passes attention, Contention c);

/// A micro-batch's ZeRO-3 traffic on one rank.
struct ShardTraffic {
  Seconds gather;   ///< of its parameters, in each pass that gathers; nothing where they stay
  Seconds scatter;  ///< of its gradients
};

/// What of it does not hide behind the passes of a micro-batch of `layers` layers, by the stack's ShardPrefetch.
[[nodiscard]] Passes exposed_shards(const Run& run, const ShardTraffic& traffic, Passes compute, double layers,
                                    Contention c);

/// A data-parallel reduction beside the last backward pass and a gather of parameters beside the first forward pass,
/// bucket by bucket.
[[nodiscard]] Seconds exposed_gradients(Seconds reduction, Seconds gather, Passes microbatch, double buckets,
                                        Contention c);

/// What a pipeline send, forward and backward, costs the rank that sends. Schedules of one forward, one backward block
/// until it has arrived; others send beside compute where the stack does.
[[nodiscard]] bool sends_block(const Run& run);
[[nodiscard]] Seconds send_cost(const Run& run, Seconds send, Contention c);

}  // namespace sextant::sim
