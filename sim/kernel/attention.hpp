// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/quantity.hpp"
#include "sim/kernel/device.hpp"

namespace sextant::sim {

/// Core attention of one layer on one rank.
struct AttentionShape {
  double sequences = 0;  ///< in the micro-batch
  double seq_len = 0;    ///< of the whole sequence
  double query_len = 0;  ///< queries of this rank (seq_len / cp)
  double heads = 0;      ///< on this rank
  double head_dim = 0;   ///< mean of the query-key and value widths
  double qk_head_dim = 0;
  double v_head_dim = 0;
  double window = 0;     ///< keys a query sees; 0: all earlier ones
  bool chunked = false;  ///< the window is the query's own chunk of that length
  double block_len = 0;  ///< length of the pieces a context-parallel ring works on; seq_len without

  /// Forward FLOPs over the causal half (or the window's band) of the score matrix.
  [[nodiscard]] Flops causal_flops() const;
};

struct AttentionTime {
  Seconds forward;
  Seconds backward;
};

/// Fused attention: rate * s / (s + 400) (causal tiles that are masked in half), narrow heads slower.
[[nodiscard]] AttentionTime fused_attention_time(const Device& device, const AttentionShape& shape);

/// Whether Megatron-LM's fused masked softmax takes these scores: its blocks hold four attention matrices
/// (megatron/model/fused_softmax.py, is_kernel_available). Others go through eager operators.
[[nodiscard]] bool softmax_fuses(const AttentionShape& shape);

/// Attention with the s x s scores in memory: two batched GEMMs and the softmax's traffic.
/// `bytes_per_score`: traffic of the forward pass per score element.
[[nodiscard]] AttentionTime unfused_attention_time(const Device& device, const AttentionShape& shape,
                                                   double bytes_per_score, double misaligned_rate);

}  // namespace sextant::sim
