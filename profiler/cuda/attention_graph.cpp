// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/attention_graph.hpp"

#include <cmath>
#include <limits>

namespace sextant::profile {

namespace {

constexpr cudnnDataType_t bf16 = CUDNN_DATA_BFLOAT16;
constexpr cudnnDataType_t fp32 = CUDNN_DATA_FLOAT;

constexpr Dims swapped(const Dims& d) { return {d[0], d[1], d[3], d[2]}; }

/// A packed array seen with its last two axes swapped.
TensorId transposed(CudnnGraph& g, const Dims& dims) { return g.tensor(swapped(dims), swapped(packed(dims)), bf16); }
TensorId array(CudnnGraph& g, const Dims& dims, cudnnDataType_t type = bf16) {
  return g.tensor(dims, packed(dims), type);
}

/// scale Q K^T, and below every number where a key is later than its query.
TensorId masked_scores(CudnnGraph& g, const AttentionShape& s, TensorId q, TensorId k, TensorId scale) {
  TensorId scores = g.matmul(q, k, g.inner(s.scores(), fp32));
  scores = g.pointwise(CUDNN_POINTWISE_MUL, scores, scale, g.inner(s.scores(), fp32));
  if (!s.causal) return scores;
  const TensorId row = g.index(scores, 2, g.inner(s.scores(), CUDNN_DATA_INT32));
  const TensorId column = g.index(scores, 3, g.inner(s.scores(), CUDNN_DATA_INT32));
  const TensorId visible = g.greater_equal(row, column, g.inner(s.scores(), CUDNN_DATA_BOOLEAN));
  const TensorId hidden = g.scalar(std::numeric_limits<float>::lowest());
  return g.select(scores, hidden, visible, g.inner(s.scores(), fp32));
}

/// gradient[kv head] = sum over its query heads of weights^T [keys x queries] times lines.
struct SharedGradient {
  TensorId whole = 0;
  TensorId parts = 0;
};
SharedGradient shared_gradient(CudnnGraph& g, const AttentionShape& s, TensorId weights, TensorId lines,
                               const Dims& dims) {
  const TensorId turned = g.reshape(weights, g.inner(swapped(s.scores()), bf16));
  SharedGradient out;
  if (s.group() == 1) {
    out.whole = g.matmul(turned, lines, array(g, dims));
    return out;
  }
  out.parts = g.matmul(turned, lines, array(g, {s.batch, s.heads, dims[2], dims[3]}));
  out.whole = g.reduce(CUDNN_REDUCE_TENSOR_ADD, out.parts, array(g, dims));
  return out;
}

}  // namespace

AttentionShape AttentionShape::of(const Case& c) {
  const auto whole = [&c](KernelAxis axis) { return static_cast<std::int64_t>(c.axes[axis]); };
  return {whole(KernelAxis::batch),      whole(KernelAxis::heads),    whole(KernelAxis::kv_heads),
          whole(KernelAxis::seq),        whole(KernelAxis::head_dim), whole(KernelAxis::v_head_dim),
          c.axes[KernelAxis::causal] > 0};
}

double AttentionShape::scale() const { return 1 / std::sqrt(static_cast<double>(width)); }

ForwardAttention forward_attention(const CudnnLibrary& library, const AttentionShape& s) {
  ForwardAttention out{CudnnGraph(library)};
  CudnnGraph& g = out.graph;
  out.q = array(g, s.q());
  out.k = transposed(g, s.k());
  out.v = array(g, s.v());
  out.o = array(g, s.o());
  out.statistics = array(g, s.rows(), fp32);

  const TensorId scores = masked_scores(g, s, out.q, out.k, g.scalar(static_cast<float>(s.scale())));
  const TensorId largest = g.reduce(CUDNN_REDUCE_TENSOR_MAX, scores, g.inner(s.rows(), fp32));
  const TensorId below = g.pointwise(CUDNN_POINTWISE_SUB, scores, largest, g.inner(s.scores(), fp32));
  const TensorId weights = g.pointwise(CUDNN_POINTWISE_EXP, below, g.inner(s.scores(), fp32));
  const TensorId sum = g.reduce(CUDNN_REDUCE_TENSOR_ADD, weights, g.inner(s.rows(), fp32));
  const TensorId logarithm = g.pointwise(CUDNN_POINTWISE_LOG, sum, g.inner(s.rows(), fp32));
  g.pointwise(CUDNN_POINTWISE_ADD, largest, logarithm, out.statistics);
  const TensorId probability = g.pointwise(CUDNN_POINTWISE_DIV, weights, sum, g.inner(s.scores(), bf16));
  g.matmul(probability, out.v, out.o);
  return out;
}

BackwardAttention backward_attention(const CudnnLibrary& library, const AttentionShape& s) {
  BackwardAttention out{CudnnGraph(library)};
  CudnnGraph& g = out.graph;
  out.q = array(g, s.q());
  out.k = transposed(g, s.k());
  out.v = transposed(g, s.v());
  out.o = array(g, s.o());
  out.d_o = array(g, s.o());
  out.statistics = array(g, s.rows(), fp32);
  const TensorId scale = g.scalar(static_cast<float>(s.scale())), one = g.scalar(1);

  // D = rowsum(dO O); the factor stands where a dropout's would, and the engines look for it.
  const TensorId products = g.pointwise(CUDNN_POINTWISE_MUL, out.d_o, out.o, g.inner(s.o(), fp32));
  const TensorId row_sum = g.reduce(CUDNN_REDUCE_TENSOR_ADD, products, g.inner(s.rows(), fp32));
  const TensorId delta = g.pointwise(CUDNN_POINTWISE_MUL, row_sum, one, g.inner(s.rows(), fp32));

  const TensorId scores = masked_scores(g, s, out.q, out.k, scale);
  const TensorId below = g.pointwise(CUDNN_POINTWISE_SUB, scores, out.statistics, g.inner(s.scores(), fp32));
  const TensorId probability = g.pointwise(CUDNN_POINTWISE_EXP, below, g.inner(s.scores(), fp32));
  const SharedGradient values = shared_gradient(g, s, probability, out.d_o, s.v());
  out.d_v = values.whole;
  out.v_parts = values.parts;

  // dS = P (dP - D) scale with dP = dO V^T.
  const TensorId d_p = g.matmul(out.d_o, out.v, g.inner(s.scores(), fp32));
  const TensorId less = g.pointwise(CUDNN_POINTWISE_SUB, d_p, delta, g.inner(s.scores(), fp32));
  const TensorId weighted = g.pointwise(CUDNN_POINTWISE_MUL, less, probability, g.inner(s.scores(), fp32));
  const TensorId d_s = g.pointwise(CUDNN_POINTWISE_MUL, weighted, scale, g.inner(s.scores(), bf16));

  const SharedGradient keys = shared_gradient(g, s, d_s, out.q, s.k());
  out.d_k = keys.whole;
  out.k_parts = keys.parts;
  out.q_sum = g.accumulator(s.q());
  out.d_q = array(g, s.q());
  g.matmul(d_s, g.reshape(out.k, g.inner(s.k(), bf16)), out.q_sum);
  g.pointwise(CUDNN_POINTWISE_IDENTITY, out.q_sum, out.d_q);
  return out;
}

}  // namespace sextant::profile
