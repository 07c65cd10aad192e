// SPDX-License-Identifier: Apache-2.0
// What one rank computes and sends for one layer and one micro-batch.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/quantity.hpp"
#include "sim/kernel/attention.hpp"
#include "sim/kernel/gemm.hpp"
#include "sim/run/options.hpp"

namespace sextant::sim {

enum class Block : std::uint8_t { attention, mlp };

/// A closed set: a new kind does not compile (-Wswitch) until every model answers it.
enum class OpKind : std::uint8_t {
  linear,          ///< dense GEMM of a projection
  grouped_linear,  ///< the GEMMs of a rank's experts
  core_attention,
  elementwise,        ///< norms, residual adds, RoPE, activations, permutes: traffic only
  cast,               ///< FP8 casts and transposed copies
  tensor_collective,  ///< all-reduce, or all-gather and reduce-scatter, over tp
  expert_tensor_collective,
  context_exchange,  ///< keys and values around the context-parallel ring
  dispatch,          ///< tokens to experts
  combine,           ///< and back
};

/// Names that `explain` and the trace print.
enum class OpName : std::uint8_t {
  qkv,
  output_gate,
  q_down,
  q_up,
  kv_down,
  kv_up,
  attention_out,
  core,
  fc1,
  fc2,
  router,
  expert_fc1,
  expert_fc2,
  shared_fc1,
  shared_fc2,
  mtp_projection,
  head,
  norm_and_residual,
  rope,
  activation,
  permute,
  expert_bias,
  cast,
  tensor_reduce,
  expert_tensor_reduce,
  context_exchange,
  dispatch,
  combine,
};

struct Op {
  OpKind kind = OpKind::elementwise;
  OpName name = OpName::core;
  Block block = Block::attention;
  Module module = Module::core_attn;  ///< what selective recompute calls it
  bool has_module = false;
  bool tensor_parallel = false;  ///< a dense GEMM whose weights tp splits
  bool low_precision = false;    ///< runs in the run's FP8 or FP4 recipe
  double count = 1;              ///< equal products (experts on a rank)
  GemmShape gemm;                ///< linear, grouped_linear
  AttentionShape attention;      ///< core_attention
  Bytes forward_traffic;         ///< elementwise, cast: HBM bytes
  Bytes backward_traffic;
  Bytes redone_traffic;  ///< elementwise: of the forward's, what a recompute of its module moves again
  Bytes payload;         ///< collectives: the whole buffer; context_exchange: all blocks received
  double tokens = 0;     ///< dispatch, combine: tokens of the rank, before they are copied to experts
  Bytes token_bytes;     ///< dispatch, combine: one token as sent
};

/// The operators of one layer on one rank, front to back.
struct LayerWork {
  static constexpr std::size_t capacity = 32;

  std::array<Op, capacity> ops{};
  std::size_t size = 0;

  void add(const Op& op) {
    if (size < capacity) ops[size++] = op;
  }
  [[nodiscard]] const Op* begin() const { return ops.data(); }
  [[nodiscard]] const Op* end() const { return ops.data() + size; }
};

}  // namespace sextant::sim
