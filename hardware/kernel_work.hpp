// SPDX-License-Identifier: Apache-2.0
// FLOPs and fewest bytes of a kernel call, by family: what its time is held against. Free of third parties, like the
// names, because the profiler is built alone too.
#pragma once

#include "hardware/kernel_names.hpp"

namespace sextant::hardware {

/// Useful arithmetic of one call and the fewest bytes it must move through device memory: each input read once, each
/// output written once. Attention counts causal FLOPs (half of the score matrix) where `causal` is set. Of a
/// collective: the bytes of its buffer.
struct KernelWork {
  double flops = 0;
  double bytes = 0;
};

namespace work {

// Widths in bytes: bf16 2, fp8 1, fp32 4.
constexpr double input_width(KernelDtype dtype) {
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
constexpr double output_width(KernelPass pass) { return pass == KernelPass::wgrad ? 8 : 2; }

constexpr KernelWork gemm(KernelDtype dtype, KernelPass pass, const KernelAxes& a) {
  using enum KernelAxis;
  const double copies = a[groups] > 0 ? a[groups] : 1;
  const double in = input_width(dtype) * (a[m] * a[k] + a[k] * a[n]);
  return {2 * a[m] * a[n] * a[k] * copies, (in + output_width(pass) * a[m] * a[n]) * copies};
}

/// Dao, FlashAttention-2: forward 2 s^2 d per head for each of QK and PV, backward 2.5 times that; causal half.
constexpr KernelWork attention(KernelPass pass, const KernelAxes& a) {
  using enum KernelAxis;
  const double scores = a[batch] * a[heads] * a[seq] * a[seq] * (a[causal] > 0 ? 0.5 : 1);
  const double qk = 2 * scores * a[head_dim];
  const double pv = 2 * scores * a[v_head_dim];
  const double queries = a[batch] * a[seq] * a[heads];
  const double keys = a[batch] * a[seq] * a[kv_heads];
  const double io = 2 * (queries * (a[head_dim] + a[v_head_dim]) + keys * (a[head_dim] + a[v_head_dim]));
  const double forward = qk + pv;
  const double backward = 3 * qk + 2 * pv;  // S = QK again, dP, dV; dQ, dK
  switch (pass) {
    case KernelPass::bwd: return {backward, 2 * io + 2 * queries * a[v_head_dim]};
    case KernelPass::fwd_bwd: return {forward + backward, 3 * io};
    default: return {forward, io};
  }
}

constexpr KernelWork rows(KernelFamily family, KernelPass pass, const KernelAxes& a) {
  const double cells = a[KernelAxis::tokens] * a[KernelAxis::hidden];
  const bool backward = pass == KernelPass::bwd;
  switch (family) {
    case KernelFamily::rms_norm: return {backward ? 10 * cells : 4 * cells, backward ? 6 * cells : 4 * cells};
    // gate and up in, product out; backward: those and the gradient in, two gradients out
    case KernelFamily::swiglu: return {backward ? 12 * cells : 6 * cells, backward ? 10 * cells : 6 * cells};
    case KernelFamily::swiglu_cast: return {8 * cells, 5 * cells + cells / 32};
    case KernelFamily::cast: return {2 * cells, 3 * cells + 4 * cells / a[KernelAxis::block]};
    case KernelFamily::cast_transpose: return {4 * cells, 4 * cells + 8 * cells / a[KernelAxis::block]};
    default: return {};
  }
}

constexpr KernelWork routing(KernelFamily family, const KernelAxes& a) {
  using enum KernelAxis;
  if (family == KernelFamily::router) {
    return {8 * a[tokens] * a[experts], a[tokens] * (4 * a[experts] + 8 * a[top_k])};
  }
  // One read of each token and top-k writes, or the reverse, and the index of each row; padding rows are not work.
  const double cells = a[tokens] * a[hidden] * 2;
  const double index = 4 * a[tokens] * a[top_k];
  return {family == KernelFamily::unpermute ? 2 * a[tokens] * a[top_k] * a[hidden] : 0, cells * (1 + a[top_k]) + index};
}

}  // namespace work

[[nodiscard]] constexpr KernelWork work_of(KernelFamily family, KernelDtype dtype, KernelPass pass,
                                           const KernelAxes& a) {
  using enum KernelAxis;
  switch (family) {
    case KernelFamily::gemm:
    case KernelFamily::grouped_gemm:
    case KernelFamily::sustained: return work::gemm(dtype, pass, a);
    case KernelFamily::attention: return work::attention(pass, a);
    case KernelFamily::rms_norm:
    case KernelFamily::swiglu:
    case KernelFamily::swiglu_cast:
    case KernelFamily::cast:
    case KernelFamily::cast_transpose: return work::rows(family, pass, a);
    case KernelFamily::rope: return {6 * a[tokens] * a[heads] * a[head_dim], 4 * a[tokens] * a[heads] * a[head_dim]};
    case KernelFamily::router:
    case KernelFamily::permute:
    case KernelFamily::unpermute: return work::routing(family, a);
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

}  // namespace sextant::hardware
