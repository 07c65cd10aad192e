// SPDX-License-Identifier: Apache-2.0
// The rates a GPU reaches inside a training step, from its data sheet and the calibrated parameters.
#pragma once

#include "base/quantity.hpp"
#include "hardware/accelerator.hpp"
#include "hardware/kernel_names.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/run/options.hpp"
#include "sim/run/stack.hpp"

namespace sextant::sim {

class MeasuredKernels;

/// A GEMM family: T = 2MNK / (rate * K / (K + k_half) * wave^exponent).
struct GemmClass {
  FlopRate rate;
  double k_half = 0;
  double wgrad = 1;    ///< rate of weight gradients relative to the others
  double grouped = 1;  ///< rate of grouped GEMMs relative to dense ones
  double input_bytes = 2;
  hardware::KernelDtype dtype = hardware::KernelDtype::bf16;  ///< what profiles call its inputs
};

struct Device {
  int sms = 0;
  ByteRate hbm;
  GemmClass gemm16;
  GemmClass gemm_low;                ///< of the run's FP8 or FP4 recipe; equals gemm16 in 16-bit runs
  FlopRate attention;                ///< causal FLOPs, head width 128, long sequences
  FlopRate batched_gemm;             ///< of unfused attention
  double attention_backward = 0.85;  ///< rate of the backward kernel relative to the forward
  bool attention_prefers_wide_heads = true;
  double wave_exponent = 0;
  double memory_bound = 1;  ///< share of HBM bandwidth that the stack's element-wise kernels reach
  Seconds kernel_overhead{2e-6};

  const MeasuredKernels* measured = nullptr;  ///< times that go before the forms; null: none were given
  double gemm_share = 1;                      ///< GEMM rate beside a communication kernel, of the whole part's
  double power_share = 1;                     ///< GEMM rate under lasting load, of that in a short burst
  double attention_share = 1;                 ///< the same of attention
  bool latest_attention = true;               ///< the part's fastest fused kernel, which is what profiles measure
};

struct DeviceChoice {
  Precision precision = Precision::bf16;
  AttentionKernel attention = AttentionKernel::fused;
};

/// Rates of `gpu` in a run of `stack`. Scaling between parts of one architecture goes by their measured sustained
/// GEMM rate where there is one, else by the architecture's usual share of the dense peak.
[[nodiscard]] Device device(const hardware::Accelerator& gpu, const Stack& stack, DeviceChoice choice,
                            const Parameters& p);

}  // namespace sextant::sim
