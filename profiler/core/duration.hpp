// SPDX-License-Identifier: Apache-2.0
// How long a case will take to measure: what decides whether a suite fits into a lease of a GPU.
#pragma once

#include "profiler/core/case.hpp"
#include "profiler/core/stopping.hpp"

namespace sextant::profile {

/// Rates that kernels reach, and what measuring costs beside them.
struct DeviceRates {
  double bytes_per_s = 2.8e12;  ///< an H100's copy rate, 84 % of 3.35 TB/s
  double flops_16_per_s = 650e12;
  double flops_8_per_s = 1100e12;
  double attention_flops_per_s = 450e12;  ///< cuDNN, causal, 2k and longer (Shah et al., FlashAttention-3, figs. 5, 6)
  double call_s = 3e-6;                   ///< shortest kernel
  double flush_s = 45e-6;                 ///< reading twice the cache
  double allocation_s = 1e-3;             ///< a buffer of a gigabyte, taken and given back
  double copy_s = 15e-6;                  ///< a row to the host, for the check
  double batch_s = 0.5e-3;                ///< end of a batch: waiting, and CUPTI's records
  double noise = 0.012;                   ///< standard deviation of the repetitions
  double sustained_s = 30;
};

/// One call at these rates.
[[nodiscard]] double call_seconds(const Case& c, const DeviceRates& rates = {});

/// Setting up, checking and timing it. Collectives count nothing: they do not run on one GPU.
[[nodiscard]] double measuring_seconds(const Case& c, const DeviceRates& rates = {}, const StopLimits& limits = {});

}  // namespace sextant::profile
