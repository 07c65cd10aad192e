// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/duration.hpp"

#include <algorithm>
#include <cmath>

namespace sextant::profile {

namespace {

bool runs_elsewhere(const Case& c) {
  switch (c.family) {
    case KernelFamily::all_reduce:
    case KernelFamily::all_gather:
    case KernelFamily::reduce_scatter:
    case KernelFamily::all_to_all: return true;
    default: return false;
  }
}

bool fp8(KernelDtype d) { return d == KernelDtype::fp8 || d == KernelDtype::fp8_blockwise; }

/// Repetitions until the median's 95 % interval, 1.25 x 1.96 sigma / sqrt(n) wide on each side, is narrow enough, or
/// the time allowed is used up.
double repetitions(double call, double noise, const StopLimits& limits) {
  const double precise = std::pow(1.25 * 1.96 * noise / limits.relative_error, 2);
  const double fewest = limits.min_samples, most = limits.max_samples;
  const double wanted = std::clamp(precise, fewest, most);
  return std::max(std::min(wanted, limits.max_seconds / call), 6.0);
}

/// Of attention: cuDNN compiles the kernel, and the host goes through up to 36 rows of queries in float64.
double attention_extra(const Case& c) {
  using enum KernelAxis;
  if (c.family != KernelFamily::attention) return 0;
  const bool backward = c.pass == KernelPass::bwd;
  constexpr double host_multiplications_per_s = 1e9, compiling_s = 0.3;
  const double queries = 12 * std::min(3.0, c.axes[heads] / c.axes[kv_heads]);
  const double row = c.axes[seq] / 2 * (c.axes[head_dim] + c.axes[v_head_dim]) * (backward ? 2 : 1);
  return queries * row / host_multiplications_per_s + compiling_s * (backward ? 2 : 1);
}

}  // namespace

double call_seconds(const Case& c, const DeviceRates& rates) {
  const Work work = work_of(c);
  const bool matrix =
      c.family == KernelFamily::gemm || c.family == KernelFamily::grouped_gemm || c.family == KernelFamily::sustained;
  const double flops = matrix ? work.flops / (fp8(c.dtype) ? rates.flops_8_per_s : rates.flops_16_per_s) : 0;
  const double attention = c.family == KernelFamily::attention ? work.flops / rates.attention_flops_per_s : 0;
  return std::max({flops, attention, work.bytes / rates.bytes_per_s, rates.call_s});
}

double measuring_seconds(const Case& c, const DeviceRates& rates, const StopLimits& limits) {
  if (runs_elsewhere(c)) return 0;
  const double call = call_seconds(c, rates);
  const double groups = std::max(1.0, c.axes[KernelAxis::groups]);
  // Buffers and their random contents; a check copies some hundred rows, for each of an expert's products.
  const double set_up =
      groups * 5e-3 + rates.allocation_s * (3 + work_of(c).bytes * 1e-9) + 2 * work_of(c).bytes / rates.bytes_per_s;
  const double check = 2 * call + groups * 300 * rates.copy_s + attention_extra(c);
  if (c.family == KernelFamily::sustained) return set_up + check + rates.sustained_s;
  constexpr double warm_ups = 3;
  const double n = repetitions(call, rates.noise, limits);
  const double batches = 1 + std::max(0.0, n - limits.min_samples) / 4;
  const double flush = rates.flush_s * std::max(1.0, std::ceil(10e-6 * (groups + 1) / rates.flush_s));
  const bool all_algorithms = c.family == KernelFamily::gemm && c.quick && c.used_by.empty();
  const double sweep = all_algorithms ? 32 * 13 * call : 0;
  return set_up + check + (warm_ups + n) * call + n * flush + batches * rates.batch_s + sweep;
}

}  // namespace sextant::profile
