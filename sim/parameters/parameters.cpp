// SPDX-License-Identifier: Apache-2.0
#include "sim/parameters/parameters.hpp"

namespace sextant::sim {

namespace {

using enum Parameter;

constexpr std::string_view gemm_table = "cuBLAS GEMM tables of A100 and H100 (hardware/data), large M";
constexpr std::string_view attention_table = "published attention kernel rates (FlashAttention 1-3, cuDNN)";
constexpr std::string_view first_flash = "half of FlashAttention 2's rate (arXiv:2307.08691, abstract)";
constexpr std::string_view small_table = "published rates of norms, casts and activations";
constexpr std::string_view published_kernels =
    "published rates weighted by traffic: norms 0.85 and 0.65, adds 0.95, SwiGLU 0.6, RoPE and permute 0.5";
constexpr std::string_view nccl_table = "NCCL's tuning constants and nccl-tests sweeps";
constexpr std::string_view contended = "a published training trace against its kernels alone (sim/comm/contention.hpp)";
constexpr std::string_view judgement = "engineering judgement";

constexpr std::array<ParameterInfo, parameter_count> table{{
    {gemm_rate_ampere, "gemm/rate/ampere", 0.885, 0.06, true, "of the sustained GEMM rate",
     "16-bit GEMM rate for long K, before wave quantisation, A100", gemm_table},
    {gemm_rate_hopper, "gemm/rate/hopper", 0.931, 0.06, true, "of the sustained GEMM rate",
     "16-bit GEMM rate for long K inside a training step, H100", gemm_table},
    {gemm_rate_hopper_fp8, "gemm/rate/hopper-fp8", 1.053, 0.04, true, "of the sustained FP8 GEMM rate",
     "FP8 GEMM rate for long K, H100", "cuBLAS FP8 rates, 1,217-1,377 TFLOP/s at 4k-16k cubed"},
    {gemm_rate_blackwell, "gemm/rate/blackwell", 0.93, 0.05, false, "of the sustained GEMM rate, Hopper's share apart",
     "GEMM rate in a step over the best large GEMM, relative to the same ratio on H100",
     "median of the eight dense bf16 rows of GB200"},
    {gemm_k_half_ampere, "gemm/k-half/ampere", 110, 0.4, true, "elements",
     "K at which half the asymptotic rate is reached, A100", gemm_table},
    {gemm_k_half_hopper, "gemm/k-half/hopper", 65, 0.6, true, "elements", "the same, H100 16-bit", gemm_table},
    {gemm_k_half_hopper_fp8, "gemm/k-half/hopper-fp8", 500, 0.5, true, "elements", "the same, H100 FP8", gemm_table},
    {wave_exponent, "gemm/wave-exponent", 0.33, 0.15, true, "1",
     "exponent on the wave-quantisation efficiency (1: the full penalty)", gemm_table},
    {wgrad_rate, "gemm/wgrad", 0.95, 0.1, false, "of the dgrad rate", "weight-gradient GEMMs", gemm_table},
    {grouped_gemm_rate, "gemm/grouped", 0.92, 0.08, true, "of the dense rate", "grouped GEMMs of experts, 16-bit",
     gemm_table},
    {grouped_gemm_rate_fp8, "gemm/grouped-fp8", 0.8, 0.15, true, "of the dense rate", "grouped GEMMs of experts, FP8",
     gemm_table},
    {attention_rate_ampere_fused, "attention/ampere/fused", 195e12, 0.06, true, "FLOP/s (causal)",
     "forward rate of FlashAttention 2 at head width 128, A100", attention_table},
    {attention_rate_ampere_flash1, "attention/ampere/flash1", 98e12, 0.2, true, "FLOP/s (causal)",
     "forward rate of FlashAttention 1 and Triton, A100", first_flash},
    {attention_rate_hopper_fused, "attention/hopper/fused", 590e12, 0.05, true, "FLOP/s (causal)",
     "forward rate of cuDNN and FlashAttention 3 at head width 128, H100", attention_table},
    {attention_rate_hopper_flash1, "attention/hopper/flash1", 177e12, 0.2, true, "FLOP/s (causal)",
     "forward rate of FlashAttention 1 and Triton, H100", first_flash},
    {unfused_attention_bytes, "attention/unfused-bytes", 14, 0.3, true, "bytes per score",
     "memory traffic of unfused attention's forward per score element", "arXiv:2205.05198, kernels of Megatron-LM"},
    {misaligned_head_rate, "attention/misaligned-head", 0.115, 0.5, true, "1",
     "rate of unfused attention's batched GEMMs when the head width is no multiple of 8",
     "A100's CUDA cores (70 % of 19.5 TFLOP/s) over its tensor cores' rate in such products"},
    {memory_bound, "memory-bound", 0.5, 0.25, true, "of HBM bandwidth", "element-wise kernels and norms of a step",
     "published rates of such kernels alone (0.6), less the gaps between them"},
    {memory_bound_megatron_lm, "memory-bound/megatron-lm", 1.0, 0.25, true, "of memory-bound",
     "the same, Megatron-LM with its fused kernels", judgement},
    {memory_bound_deepspeed, "memory-bound/deepspeed", 1.0, 0.25, true, "of memory-bound",
     "the same, Megatron-DeepSpeed", judgement},
    {memory_bound_internevo, "memory-bound/internevo", 1.0, 0.25, true, "of memory-bound", "the same, InternEvo",
     judgement},
    {memory_bound_tuned, "memory-bound/tuned", 0.6, 0.25, false, "of HBM bandwidth",
     "the same, hand-fused kernels of a stack that no fitted row shows", published_kernels},
    {fp8_cast_traffic, "fp8/cast-traffic", 1.0, 0.4, true, "1",
     "traffic of casts and transposed copies around FP8 GEMMs, relative to their count", small_table},
    {host_layer_megatron_lm, "host/layer/megatron-lm", 800e-6, 0.4, true, "s",
     "host time to launch one dense layer's forward, Megatron-LM 2021", "11-18 us an eager PyTorch operator"},
    {host_layer_megatron_core, "host/layer/megatron-core", 430e-6, 0.4, false, "s", "the same, Megatron-Core with TE",
     "11-18 us an eager PyTorch operator"},
    {host_layer_eager, "host/layer/eager", 450e-6, 0.4, false, "s", "the same, eager PyTorch FSDP",
     "11-18 us an eager PyTorch operator"},
    {host_layer_compiled, "host/layer/compiled", 20e-6, 0.4, false, "s", "the same, compiled", judgement},
    {host_moe_layer, "host/moe-layer", 1200e-6, 0.4, false, "s", "host time a MoE layer's forward adds", judgement},
    {host_moe_sync, "host/moe-sync", 500e-6, 0.6, true, "s",
     "time a MoE layer's pass waits while token counts are read back", judgement},
    {launch_sharpness, "host/sharpness", 3.0, 0.3, false, "1",
     "exponent of the soft maximum of a pass and its host's launches: how nearly the longer hides the other",
     judgement},
    {host_pipeline_engine, "host/pipeline-engine", 10e-3, 0.8, true, "s",
     "host time a micro-batch costs in a pipeline engine that synchronises", judgement},
    {contention_compute, "overlap/contention/compute", 0.136, 0.4, true, "of compute's time",
     "what communication beside it costs compute", contended},
    {contention_communication, "overlap/contention/communication", 0.48, 0.3, false, "of communication's time",
     "what compute beside it costs communication", contended},
    {collective_latency, "comm/call", 10e-6, 0.5, true, "s",
     "launch of a collective and the wait for its slowest rank, above NCCL's own latency", nccl_table},
    {nic_all_to_all, "comm/nic/all-to-all", 0.90, 0.1, false, "of the line rate", "NIC efficiency of an all-to-all",
     nccl_table},
    {nic_ring_200g, "comm/nic/ring/200g", 0.70, 0.3, true, "of the line rate",
     "NIC efficiency of ring collectives in a step: fabrics of up to 200 Gb/s a NIC, whatever their kind", nccl_table},
    {nic_ring_400g, "comm/nic/ring/400g", 0.85, 0.12, true, "of the line rate",
     "the same, InfiniBand of 400 Gb/s and more", nccl_table},
    {nic_ring_ethernet, "comm/nic/ring/ethernet-400g", 0.80, 0.15, false, "of the line rate",
     "the same, Ethernet of 400 Gb/s and more: RoCE, EFA, Slingshot", nccl_table},
    {imbalance_unknown, "moe/imbalance/unknown", 1.0, 0.05, false, "1",
     "tokens of the fullest rank over the mean, routing not stated", judgement},
    {imbalance_natural, "moe/imbalance/natural", 1.2, 0.1, true, "1",
     "tokens of the fullest rank over the mean, dropless natural routing", judgement},
    {gradient_accumulation_bytes, "memory-bound/gradient-accumulation", 6, 0.4, true, "bytes per parameter",
     "traffic of adding a micro-batch's weight gradients", small_table},
    {optimizer_traffic, "memory-bound/optimizer", 1.3, 0.3, true, "1",
     "optimizer traffic relative to 34 bytes a parameter", small_table},
    {step_fixed_time, "step/fixed", 6e-3, 0.7, true, "s", "time of a step that belongs to no layer", judgement},
    {shard_broadcast, "host/shard-broadcast", 2e-3, 0.5, true, "s",
     "one rank's broadcast of its updated shard, where a stack gathers ZeRO-1 parameters rank by rank", judgement},
    {straggler_per_doubling, "step/straggler", 0.005, 0.7, true, "per doubling of nodes",
     "slow-down of the slowest rank as the cluster grows", judgement},
}};

consteval bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].parameter) != i) return false;
  }
  return true;
}
static_assert(in_order(), "one row a parameter, in the order of the enumeration");

}  // namespace

const std::array<ParameterInfo, parameter_count>& parameter_table() { return table; }

Trust prior_trust(const ParameterInfo& info) {
  if (info.source == judgement) return Trust::assumed;
  if (info.source == gemm_table || info.source == nccl_table) return Trust::measured;
  return Trust::paper;
}

Parameters Parameters::priors() {
  Parameters p;
  for (const ParameterInfo& row : table) p[row.parameter] = row.prior;
  return p;
}

}  // namespace sextant::sim
