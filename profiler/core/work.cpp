// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/case.hpp"

namespace sextant::profile {

Work work_of(const Case& c) { return hardware::work_of(c.family, c.dtype, c.pass, c.axes); }

namespace {

/// What a backward attention keeps beside its operands: the fp32 sum of dQ (twice on parts whose kernel has its own),
/// and bf16 gradients of keys and values for every query head.
double gradient_sums(const Case& c) {
  using enum KernelAxis;
  if (c.family != KernelFamily::attention || c.pass != KernelPass::bwd) return 0;
  const double rows = c.axes[batch] * c.axes[seq] * c.axes[heads];
  const double parts = c.axes[heads] > c.axes[kv_heads] ? 2 * (c.axes[head_dim] + c.axes[v_head_dim]) : 0;
  return rows * (8 * c.axes[head_dim] + parts);
}

}  // namespace

double footprint_bytes(const Case& c) {
  constexpr double slack = 256.0 * 1048576.0;  // library workspaces, the buffer that empties the cache
  return 1.1 * work_of(c).bytes + gradient_sums(c) + slack;
}

}  // namespace sextant::profile
