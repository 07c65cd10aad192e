// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/device.hpp"

#include <algorithm>
#include <cmath>

namespace sextant::sim {

namespace {

using hardware::Accelerator;
using hardware::Architecture;
using namespace literals;

/// Parts the calibrated GEMM rates were measured on (best large GEMM, hardware/data/gpus).
constexpr FlopRate sustained_hopper = 794.5_TFLOPS;
constexpr FlopRate sustained_ampere = 271.2_TFLOPS;
constexpr int sms_hopper = 132;
constexpr int sms_ampere = 108;
/// Best large GEMM, FP8 over 16 bits: cuBLAS at 16384 cubed on H100 SXM; the mean of B200, B300 and GB200
/// (hardware/data/gpus).
constexpr double fp8_over_bf16_hopper = 1377.0 / 794.5;
constexpr double fp8_over_bf16_blackwell = (3432.5 / 1745 + 3353.3 / 1769 + 3615.6 / 1822) / 3;
/// FP4 over FP8 GEMM rate, relative to the ratio of their peaks; no training row identifies it.
constexpr double fp4_share_of_peak_ratio = 0.7;
/// DeepGEMM's blockwise FP8 on H800, alone: 1464 TFLOP/s, K/(K+740), mean error 1.1 % over its published shapes. H800
/// has H100's SMs and clocks; other parts follow their sustained 16-bit rate.
constexpr FlopRate blockwise_hopper = 1464_TFLOPS;
constexpr double blockwise_k_half = 740;
/// The same kernels on 112 SMs beside a communication kernel, in DeepSeek-V3's published training trace: 1096 TFLOP/s,
/// K/(K+490), mean error 2.8 %. The rate is the one above less the SMs and the contention below.
constexpr double blockwise_k_half_contended = 490;
/// Weight gradients of blockwise FP8 accumulate into FP32: 660 TFLOP/s at K = 4096 in that trace.
constexpr double blockwise_wgrad = 660.0 * (4096 + 490) / (1096.0 * 4096);
/// GEMM rate while a communication kernel runs beside it, the SMs it takes counted apart.
constexpr double contended_gemm = 0.88;
/// Published FlashAttention 2 over FlashAttention 3 forward rate on H100, head width 128.
constexpr double flash2_over_fused_hopper = 0.6;

bool ampere_like(Architecture a) {
  switch (a) {
    case Architecture::volta:
    case Architecture::ampere:
    case Architecture::ada: return true;
    case Architecture::hopper:
    case Architecture::blackwell:
    case Architecture::cdna3: return false;
  }
  return false;
}

/// Share of the dense peak that the best large GEMM reaches, where the part itself was not measured.
double usual_sustained_share(Architecture a) {
  switch (a) {
    case Architecture::volta: return 0.80;
    case Architecture::ampere: return 0.869;
    case Architecture::ada: return 0.80;
    case Architecture::hopper: return 0.803;
    case Architecture::blackwell: return 0.776;
    case Architecture::cdna3: return 0.514;
  }
  return 0.8;
}

FlopRate sustained16(const Accelerator& gpu) {
  if (gpu.sustained_bf16_gemm) return *gpu.sustained_bf16_gemm;
  return max(gpu.peak.bf16, gpu.peak.fp16) * usual_sustained_share(gpu.architecture);
}

/// What a board's power limit does to the short-run GEMM rate in a training step.
struct PowerLaw {
  double watts_per_flop_rate = 0;  ///< drawn at full clocks per FLOP/s of 16-bit GEMM; 0: power does not bind
  double clock_exponent = 0;       ///< of the clock over the power there is
};

/// H100 at its limit is the reference, because its step rate is calibrated against its own short-run GEMM rate.
PowerLaw power_law(Architecture a) {
  constexpr double hopper = 700.0 / sustained_hopper.value();
  // N4P needs 22 % less power than N5 at the same speed (TSMC, 2021-10-26); Hopper's 4N is of the N5 family.
  constexpr double n4p = 1 / 1.22;
  switch (a) {
    // Dynamic power grows as f V^2 and V with f: clocks follow about the 0.4th power.
    case Architecture::hopper: return {hopper, 0.4};
    // At the lowest voltage power goes with the clock.
    case Architecture::blackwell: return {hopper * n4p, 1.0};
    case Architecture::volta:
    case Architecture::ampere:
    case Architecture::ada:
    case Architecture::cdna3: return {};
  }
  return {};
}

double power_share(const Accelerator& gpu) {
  const PowerLaw law = power_law(gpu.architecture);
  const double needed = law.watts_per_flop_rate * sustained16(gpu).value();
  if (!(needed > 0) || gpu.tdp.value() >= needed) return 1.0;
  return std::pow(gpu.tdp.value() / needed, law.clock_exponent);
}

/// K at half rate stands for a fixed time a tile spends on prologue and epilogue: on a part whose SMs multiply faster
/// than those it was measured on, more of K goes by in that time.
double rate_of_an_sm(const Accelerator& gpu) {
  const bool ampere = ampere_like(gpu.architecture);
  const FlopRate reference = (ampere ? sustained_ampere : sustained_hopper) / (ampere ? sms_ampere : sms_hopper);
  return sustained16(gpu) / std::max(1, gpu.sm_count) / reference;
}

/// GEMM rate in a training step over the best large GEMM, relative to the same ratio on H100.
double step_share(Architecture a, const Parameters& p) {
  return a == Architecture::blackwell ? p[Parameter::gemm_rate_blackwell] : 1.0;
}

FlopRate sustained8(const Accelerator& gpu) {
  if (gpu.sustained_fp8_gemm) return *gpu.sustained_fp8_gemm;
  const bool blackwell = gpu.architecture == Architecture::blackwell;
  return sustained16(gpu) * (blackwell ? fp8_over_bf16_blackwell : fp8_over_bf16_hopper);
}

hardware::KernelDtype low_dtype(Precision precision, bool blockwise) {
  switch (precision) {
    case Precision::mxfp8: return hardware::KernelDtype::mxfp8;
    case Precision::nvfp4: return hardware::KernelDtype::nvfp4;
    default: return blockwise ? hardware::KernelDtype::fp8_blockwise : hardware::KernelDtype::fp8;
  }
}

GemmClass low_precision_gemm(const Accelerator& gpu, const Stack& stack, Precision precision, const Parameters& p) {
  const bool blockwise = scales_blockwise(precision, stack.fp8_recipe);
  const FlopRate base = sustained8(gpu);
  GemmClass g;
  g.input_bytes = 1;
  g.dtype = low_dtype(precision, blockwise);
  g.grouped = p[Parameter::grouped_gemm_rate_fp8];
  if (blockwise) {
    g.rate = blockwise_hopper * (sustained16(gpu) / sustained_hopper);
    g.k_half = stack.reserved_sms > 0 ? blockwise_k_half_contended : blockwise_k_half;
    g.wgrad = blockwise_wgrad;
    g.grouped = 1;  // DeepGEMM's grouped kernels reach the dense rate
  } else {
    g.rate = base * p[Parameter::gemm_rate_hopper_fp8];
    g.k_half = p[Parameter::gemm_k_half_hopper_fp8];
    g.wgrad = p[Parameter::wgrad_rate];
  }
  g.k_half *= rate_of_an_sm(gpu);
  if (precision == Precision::nvfp4) {
    g.rate *= fp4_share_of_peak_ratio * (gpu.peak.fp4 / gpu.peak.fp8);
    g.input_bytes = 0.5;
  }
  return g;
}

FlopRate attention_rate(const Accelerator& gpu, AttentionKernel kernel, const Parameters& p) {
  if (ampere_like(gpu.architecture)) {
    const bool first = kernel == AttentionKernel::flash1;
    return FlopRate{p[first ? Parameter::attention_rate_ampere_flash1 : Parameter::attention_rate_ampere_fused]} *
           (sustained16(gpu) / sustained_ampere);
  }
  const double scale = sustained16(gpu) / sustained_hopper;
  switch (kernel) {
    case AttentionKernel::flash1: return FlopRate{p[Parameter::attention_rate_hopper_flash1] * scale};
    case AttentionKernel::flash2:
      return FlopRate{p[Parameter::attention_rate_hopper_fused] * flash2_over_fused_hopper * scale};
    case AttentionKernel::unfused:
    case AttentionKernel::fused: break;
  }
  return FlopRate{p[Parameter::attention_rate_hopper_fused] * scale};
}

}  // namespace

Device device(const Accelerator& gpu, const Stack& stack, DeviceChoice choice, const Parameters& p) {
  const bool ampere = ampere_like(gpu.architecture);
  Device d;
  d.sms = std::max(1, gpu.sm_count - stack.reserved_sms);
  d.hbm = gpu.hbm;
  const double share_of_sms = static_cast<double>(d.sms) / std::max(1, gpu.sm_count);
  const double contention = share_of_sms * (stack.reserved_sms > 0 ? contended_gemm : 1.0);

  d.gemm16.rate = sustained16(gpu) * p[ampere ? Parameter::gemm_rate_ampere : Parameter::gemm_rate_hopper];
  d.gemm16.k_half = p[ampere ? Parameter::gemm_k_half_ampere : Parameter::gemm_k_half_hopper];
  d.gemm16.wgrad = p[Parameter::wgrad_rate];
  d.gemm16.grouped = p[Parameter::grouped_gemm_rate];
  if (choice.precision == Precision::fp16) d.gemm16.dtype = hardware::KernelDtype::fp16;
  // Hardware without FP8 tensor cores runs the same products in 16 bits.
  const bool has_fp8 = gpu.peak.fp8.value() > 0;
  const bool low = is_eight_bit_or_less(choice.precision) && has_fp8;
  d.gemm16.k_half *= rate_of_an_sm(gpu);
  d.gemm_low = low ? low_precision_gemm(gpu, stack, choice.precision, p) : d.gemm16;
  d.power_share = power_share(gpu);
  const double lasting = contention * d.power_share * step_share(gpu.architecture, p);
  d.gemm16.rate *= lasting;
  d.gemm_low.rate *= lasting;

  d.gemm_share = contention;
  d.attention_share = share_of_sms;
  // FlashAttention 2 is the last one made for Ampere; Hopper and later have newer ones.
  d.latest_attention =
      choice.attention == AttentionKernel::fused || (ampere && choice.attention == AttentionKernel::flash2);

  d.attention = attention_rate(gpu, choice.attention, p) * share_of_sms;
  d.batched_gemm = d.gemm16.rate * 0.75;
  d.attention_prefers_wide_heads = choice.attention != AttentionKernel::flash1;
  d.wave_exponent = p[Parameter::wave_exponent];
  d.memory_bound = p[stack.memory_bound] * (stack.memory_bound_factor ? p[*stack.memory_bound_factor] : 1.0);
  return d;
}

}  // namespace sextant::sim
