// SPDX-License-Identifier: Apache-2.0
// Attention as cuDNN's fused kernels know it: a graph of products, a softmax and a mask that an engine recognises as
// flash attention and runs as one kernel or a few. NVIDIA, cuDNN documentation, "Fused Flash Attention"; the order and
// formats of the nodes are those of cudnn-frontend's scaled_dot_product_flash_attention.
#pragma once

#include "profiler/core/case.hpp"
#include "profiler/cuda/cudnn_graph.hpp"

namespace sextant::profile {

/// Heads in groups that share a key and value head; keys and values may differ in width (latent attention: 192 and
/// 128). Every array is packed as [batch, heads, seq, width].
struct AttentionShape {
  std::int64_t batch = 1, heads = 1, kv_heads = 1, seq = 1, width = 1, v_width = 1;
  bool causal = true;

  [[nodiscard]] static AttentionShape of(const Case& c);
  [[nodiscard]] std::int64_t group() const { return heads / kv_heads; }
  [[nodiscard]] double scale() const;  ///< 1 / sqrt(width)
  [[nodiscard]] Dims q() const { return {batch, heads, seq, width}; }
  [[nodiscard]] Dims k() const { return {batch, kv_heads, seq, width}; }
  [[nodiscard]] Dims v() const { return {batch, kv_heads, seq, v_width}; }
  [[nodiscard]] Dims o() const { return {batch, heads, seq, v_width}; }
  [[nodiscard]] Dims rows() const { return {batch, heads, seq, 1}; }
  [[nodiscard]] Dims scores() const { return {batch, heads, seq, seq}; }
};

/// O = softmax(scale Q K^T, masked) V, and per row the logarithm of the softmax's denominator (fp32), which the
/// backward pass wants.
struct ForwardAttention {
  CudnnGraph graph;
  TensorId q = 0, k = 0, v = 0, o = 0, statistics = 0;
};
[[nodiscard]] ForwardAttention forward_attention(const CudnnLibrary& library, const AttentionShape& shape);

/// dQ, dK and dV from dO, with the softmax made again from the statistics (Dao, FlashAttention, algorithm 4). The query
/// gradient adds up in fp32 in an array of its own that has to be zero before each call; where heads share keys, the
/// gradients of each query head go to arrays of their own before they are added.
struct BackwardAttention {
  CudnnGraph graph;
  TensorId q = 0, k = 0, v = 0, o = 0, statistics = 0, d_o = 0;
  TensorId d_q = 0, d_k = 0, d_v = 0;
  TensorId q_sum = 0;                 ///< fp32, [batch, heads, seq, width]; 0: none
  TensorId k_parts = 0, v_parts = 0;  ///< bf16, by query head; 0: none
};
[[nodiscard]] BackwardAttention backward_attention(const CudnnLibrary& library, const AttentionShape& shape);

}  // namespace sextant::profile
