// SPDX-License-Identifier: Apache-2.0
// FLOPs and fewest bytes of each family. Widths in bytes: bf16 2, fp8 1, fp32 4.
#include "profiler/core/case.hpp"

namespace sextant::profile {

namespace {

using enum KernelAxis;

double input_width(KernelDtype dtype) {
  switch (dtype) {
    case KernelDtype::fp8:
    case KernelDtype::fp8_blockwise:
    case KernelDtype::mxfp8: return 1;
    case KernelDtype::nvfp4: return 0.5;
    case KernelDtype::fp32:
    case KernelDtype::tf32: return 4;
    default: return 2;
  }
}

/// fwd, dgrad: a bf16 result; wgrad: added in fp32 to the main gradient, which is read and written.
double output_width(KernelPass pass) { return pass == KernelPass::wgrad ? 8 : 2; }

Work gemm_work(const Case& c) {
  const KernelAxes& a = c.axes;
  const double copies = a[groups] > 0 ? a[groups] : 1;
  const double in = input_width(c.dtype) * (a[m] * a[k] + a[k] * a[n]);
  return {2 * a[m] * a[n] * a[k] * copies, (in + output_width(c.pass) * a[m] * a[n]) * copies};
}

/// Dao, FlashAttention-2: forward 2 s^2 d per head for each of QK and PV, backward 2.5 times that; causal half.
Work attention_work(const Case& c) {
  const KernelAxes& a = c.axes;
  const double scores = a[batch] * a[heads] * a[seq] * a[seq] * (a[causal] > 0 ? 0.5 : 1);
  const double qk = 2 * scores * a[head_dim];
  const double pv = 2 * scores * a[v_head_dim];
  const double queries = a[batch] * a[seq] * a[heads];
  const double keys = a[batch] * a[seq] * a[kv_heads];
  const double io = 2 * (queries * (a[head_dim] + a[v_head_dim]) + keys * (a[head_dim] + a[v_head_dim]));
  const double forward = qk + pv;
  const double backward = 3 * qk + 2 * pv;  // S = QK again, dP, dV; dQ, dK
  switch (c.pass) {
    case KernelPass::bwd: return {backward, 2 * io + 2 * queries * a[v_head_dim]};
    case KernelPass::fwd_bwd: return {forward + backward, 3 * io};
    default: return {forward, io};
  }
}

Work row_work(const Case& c) {
  const double cells = c.axes[tokens] * c.axes[hidden];
  const bool backward = c.pass == KernelPass::bwd;
  switch (c.family) {
    case KernelFamily::rms_norm: return {backward ? 10 * cells : 4 * cells, backward ? 6 * cells : 4 * cells};
    // gate and up in, product out; backward: those and the gradient in, two gradients out
    case KernelFamily::swiglu: return {backward ? 12 * cells : 6 * cells, backward ? 10 * cells : 6 * cells};
    case KernelFamily::swiglu_cast: return {8 * cells, 5 * cells + cells / 32};
    case KernelFamily::cast: return {2 * cells, 3 * cells + 4 * cells / c.axes[block]};
    case KernelFamily::cast_transpose: return {4 * cells, 4 * cells + 8 * cells / c.axes[block]};
    default: return {};
  }
}

Work routing_work(const Case& c) {
  const KernelAxes& a = c.axes;
  if (c.family == KernelFamily::router) {
    return {8 * a[tokens] * a[experts], a[tokens] * (4 * a[experts] + 8 * a[top_k])};
  }
  // One read of each token and top-k writes, or the reverse, and the index of each row; padding rows are not work.
  const double rows = a[tokens] * a[hidden] * 2;
  const double index = 4 * a[tokens] * a[top_k];
  return {c.family == KernelFamily::unpermute ? 2 * a[tokens] * a[top_k] * a[hidden] : 0,
          rows * (1 + a[top_k]) + index};
}

}  // namespace

Work work_of(const Case& c) {
  const KernelAxes& a = c.axes;
  switch (c.family) {
    case KernelFamily::gemm:
    case KernelFamily::grouped_gemm:
    case KernelFamily::sustained: return gemm_work(c);
    case KernelFamily::attention: return attention_work(c);
    case KernelFamily::rms_norm:
    case KernelFamily::swiglu:
    case KernelFamily::swiglu_cast:
    case KernelFamily::cast:
    case KernelFamily::cast_transpose: return row_work(c);
    case KernelFamily::rope: return {6 * a[tokens] * a[heads] * a[head_dim], 4 * a[tokens] * a[heads] * a[head_dim]};
    case KernelFamily::router:
    case KernelFamily::permute:
    case KernelFamily::unpermute: return routing_work(c);
    // Logits read for the sums, read again and overwritten by their gradient.
    case KernelFamily::cross_entropy: return {8 * a[tokens] * a[vocab], 6 * a[tokens] * a[vocab]};
    // fp32 master and gradient, bf16 moments: read 4 + 4 + 2 + 2; master, moments and the bf16 weight written 4 + 2 + 2
    // + 2.
    case KernelFamily::adamw: return {14 * a[elements], 22 * a[elements]};
    case KernelFamily::copy: return {0, 2 * a[bytes]};
    case KernelFamily::triad: return {2 * a[bytes] / 4, 3 * a[bytes]};
    case KernelFamily::launch: return {};
    case KernelFamily::all_reduce:
    case KernelFamily::all_gather:
    case KernelFamily::reduce_scatter:
    case KernelFamily::all_to_all:
    case KernelFamily::expert_dispatch:
    case KernelFamily::expert_combine: return {0, a[bytes]};
  }
  return {};
}

double footprint_bytes(const Case& c) {
  constexpr double slack = 256.0 * 1048576.0;  // library workspaces, the buffer that empties the cache
  return 1.1 * work_of(c).bytes + slack;
}

}  // namespace sextant::profile
