// SPDX-License-Identifier: Apache-2.0
#include "sim/report/operator_text.hpp"

#include <fmt/format.h>

#include "sim/report/unit.hpp"

namespace sextant::sim::report {

std::string shape_text(const Op& op) {
  switch (op.kind) {
    case OpKind::linear: return fmt::format("{:.0f} x {:.0f} x {:.0f}", op.gemm.m, op.gemm.n, op.gemm.k);
    case OpKind::grouped_linear:
      return fmt::format("{:.0f} of {:.0f} x {:.0f} x {:.0f}", op.count, op.gemm.m, op.gemm.n, op.gemm.k);
    case OpKind::core_attention:
      return fmt::format("{:.0f} x {:.0f} tokens, {:.0f} heads of {:.0f}", op.attention.sequences,
                         op.attention.query_len, op.attention.heads, op.attention.head_dim);
    case OpKind::elementwise:
    case OpKind::cast:
      return fmt::format("{} + {}", format(op.forward_traffic.value(), Unit::bytes),
                         format(op.backward_traffic.value(), Unit::bytes));
    case OpKind::tensor_collective:
    case OpKind::expert_tensor_collective:
    case OpKind::context_exchange: return format(op.payload.value(), Unit::bytes);
    case OpKind::dispatch:
    case OpKind::combine:
      return fmt::format("{:.0f} tokens of {}", op.tokens, format(op.token_bytes.value(), Unit::bytes));
  }
  return {};
}

}  // namespace sextant::sim::report
