// SPDX-License-Identifier: Apache-2.0
// A software stack as data: what it fuses, overlaps and shards by default. Code asks these fields, never a name.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/source.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/run/layer_kernels.hpp"
#include "sim/run/options.hpp"
#include "sim/run/stack_memory.hpp"

namespace sextant::sim {

/// Families of attention kernels; each has its own measured rate.
enum class AttentionKernel : std::uint8_t { unfused, flash1, flash2, fused };

inline constexpr std::array<std::pair<std::string_view, AttentionKernel>, 4> attention_kernel_names{
    {{"unfused", AttentionKernel::unfused},  // scores in memory, batched GEMMs (Megatron 2021)
     {"flash1", AttentionKernel::flash1},    // FlashAttention 1 and its Triton version
     {"flash2", AttentionKernel::flash2},    // FlashAttention 2
     {"fused", AttentionKernel::fused}}};    // cuDNN, FlashAttention 3

/// The attention kernel a stack used from a date on.
struct AttentionSince {
  std::string since;  ///< "YYYY-MM"; empty: from the beginning
  AttentionKernel kernel = AttentionKernel::fused;
};

/// Kernels of softmax and loss that a stack no longer runs.
struct EarlierLoss {
  std::string until;  ///< "YYYY-MM", the first month without them
  double bytes = 0;   ///< traffic, both passes, per logit
};

/// How FP8 is scaled; it decides the GEMM kernel and the casts around it.
enum class Fp8Recipe : std::uint8_t { per_tensor, blockwise };

inline constexpr std::array<std::pair<std::string_view, Fp8Recipe>, 2> fp8_recipe_names{
    {{"per-tensor", Fp8Recipe::per_tensor}, {"blockwise", Fp8Recipe::blockwise}}};

/// Whether a precision scales blocks: by its own name, or as the stack's FP8 does.
[[nodiscard]] constexpr bool scales_blockwise(Precision precision, Fp8Recipe recipe) {
  return precision == Precision::fp8_blockwise || (precision == Precision::fp8 && recipe == Fp8Recipe::blockwise);
}

/// A communication's relation to compute.
enum class Overlap : std::uint8_t { exposed, overlapped };

inline constexpr std::array<std::pair<std::string_view, Overlap>, 2> overlap_names{
    {{"exposed", Overlap::exposed}, {"overlapped", Overlap::overlapped}}};

/// Which passes gather the next layer's ZeRO-3 shards while one computes.
enum class ShardPrefetch : std::uint8_t {
  both_passes,   ///< and scatter gradients beside the next layer's backward
  forward_pass,  ///< the backward scatters, gathers and computes in turn, on one NCCL stream
  none           ///< a layer's gather waits for its turn in a loop over layers; gradients are scattered beside compute
};

inline constexpr std::array<std::pair<std::string_view, ShardPrefetch>, 3> shard_prefetch_names{
    {{"both-passes", ShardPrefetch::both_passes},
     {"forward-pass", ShardPrefetch::forward_pass},
     {"none", ShardPrefetch::none}}};

/// What of the parallelism Sextant knows the stack can run: the space of a search.
struct StackLayouts {
  std::vector<Schedule> schedules{Schedule::one_f_one_b, Schedule::interleaved};  ///< empty: no pipeline parallelism
  std::vector<Sharding> shardings{Sharding::none, Sharding::zero1};
  bool shards_across_pipeline = false;  ///< ZeRO-2, ZeRO-3 and HSDP beside pp > 1
  Source source;

  [[nodiscard]] bool can_run(Schedule s) const {
    return std::find(schedules.begin(), schedules.end(), s) != schedules.end();
  }
};

/// One software stack. Efficiencies are not here: they are calibrated parameters the stack points to.
struct Stack {
  std::string id;
  std::string title;
  std::vector<std::string> aliases;
  std::string typical_date;  ///< assumed when a run does not state its software date

  std::vector<AttentionSince> attention;                       ///< ascending dates
  Parameter memory_bound = Parameter::memory_bound;            ///< efficiency of element-wise kernels and norms
  std::optional<Parameter> memory_bound_factor;                ///< on it, where a stack is known to differ
  std::string layer_kernels;                                   ///< id of the table of those kernels
  LayerTraffic kernels;                                        ///< that table
  LayerTraffic compiled_kernels;                               ///< the one under a compiler
  Parameter host_layer = Parameter::host_layer_megatron_core;  ///< host time of one dense layer's forward launches
  double host_fp8_factor = 1.5;                                ///< more launches in FP8: casts, scales, amax
  double host_compiled_factor = 1.0;                           ///< where the compiler removes launches
  Fp8Recipe fp8_recipe = Fp8Recipe::per_tensor;                ///< what "fp8" means when a run says no more
  bool casts_weights_each_pass = false;                        ///< FP8 weights are cast in every pass, not once a step
  bool wgrad_accumulates = false;  ///< the measured wgrad rate includes adding into the kept gradient
  bool compiled = false;           ///< element-wise kernels are fused by a compiler
  double host_moe_factor = 1.0;    ///< on the launches a MoE layer adds
  double host_expert_gemms = 0;    ///< launches an expert of a rank and grouped product; 0: one kernel for all of them
  double host_expert_biases = 0;   ///< operators an expert of a rank in the forward, where experts have biases
  bool host_sync_in_moe = true;    ///< token counts are read back before the experts are launched

  Overlap tensor = Overlap::exposed;
  Overlap expert = Overlap::exposed;
  Overlap gradients = Overlap::exposed;  ///< data-parallel reduction and gather
  ShardPrefetch shard_prefetch = ShardPrefetch::both_passes;
  Overlap tensor_backward = Overlap::overlapped;  ///< collectives of the backward pass beside weight gradients
  bool exchanges_latents = false;  ///< context-parallel ranks send latents, not the keys and values made from them
  Overlap pipeline = Overlap::overlapped;  ///< sends of interleaved schedules beside compute
  bool zero2_reduces_every_micro_batch = false;
  bool all_reduces_gradients = false;   ///< ZeRO-1 sums whole gradients on every rank before it keeps its shard
  bool broadcasts_shards = false;       ///< ZeRO-1 parameters come back by one broadcast a rank, not one all-gather
  bool fixed_micro_batch_cost = false;  ///< the pipeline engine synchronises with the host each micro-batch

  bool deduplicated_dispatch = false;             ///< one copy of a token a destination node
  std::string deduplicates_across_domains_since;  ///< "YYYY-MM": usual from then where experts leave NVLink's domain
  Routing routing = Routing::unknown;             ///< how tokens find experts when a run does not say
  double dispatch_bytes = 2;                      ///< of an element sent to experts
  double gradient_bytes = 2;                      ///< of the reduction
  double loss_bytes = 22;                         ///< traffic of softmax and loss, both passes, per logit
  std::vector<EarlierLoss> earlier_loss;          ///< ascending dates
  int reserved_sms = 0;                           ///< SMs a communication kernel keeps while compute runs

  RecomputeMode recompute = RecomputeMode::none;  ///< when a run does not say
  bool silent_recompute = false;                  ///< its runs differ, so one that does not say is less certain
  bool recomputes_least = false;                  ///< a run that does not say redoes MLPs alone where that fits
  Modules recompute_modules;
  Schedule schedule = Schedule::one_f_one_b;
  Sharding sharding = Sharding::zero1;
  bool sequence_parallel = true;

  StackMemory memory;
  StackLayouts layouts;
  Source source;
};

/// Bytes per logit of softmax and loss in software of that month, "YYYY-MM".
[[nodiscard]] inline double loss_bytes_at(const Stack& stack, std::string_view date) {
  for (const EarlierLoss& row : stack.earlier_loss) {
    if (date < row.until) return row.bytes;
  }
  return stack.loss_bytes;
}

}  // namespace sextant::sim
