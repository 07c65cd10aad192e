// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/kineto_operations.hpp"

#include <array>
#include <string>

namespace sextant::profile {

namespace {

using enum KernelAxis;

std::vector<double> dims_at(const JsonValue& args, std::size_t index) {
  std::vector<double> out;
  const JsonValue* dims = args.find("Input Dims");
  if (dims == nullptr || index >= dims->items.size()) return out;
  for (const JsonValue& d : dims->items[index].items) out.push_back(d.number);
  return out;
}

std::string_view item_text(const JsonValue& args, std::string_view key, std::size_t index) {
  const JsonValue* list = args.find(key);
  return list == nullptr || index >= list->items.size() ? std::string_view() : list->items[index].text_or("");
}

std::optional<KernelDtype> dtype_named(std::string_view type) {
  if (type.find("BFloat16") != std::string_view::npos) return KernelDtype::bf16;
  if (type.find("Half") != std::string_view::npos) return KernelDtype::fp16;
  if (type.find("Float8") != std::string_view::npos) return KernelDtype::fp8;
  if (type == "float" || type.find("Float") != std::string_view::npos) return KernelDtype::fp32;
  return std::nullopt;
}

double width_of(std::string_view dtype) {
  if (dtype.find("8") != std::string_view::npos && dtype.find("BFloat") == std::string_view::npos) return 1;
  if (dtype.find("Byte") != std::string_view::npos || dtype.find("Char") != std::string_view::npos) return 1;
  if (dtype.find("BFloat16") != std::string_view::npos || dtype.find("Half") != std::string_view::npos) return 2;
  if (dtype.find("Long") != std::string_view::npos || dtype.find("Double") != std::string_view::npos) return 8;
  return 4;
}

std::optional<Operation> product(const JsonValue& args, std::size_t left) {
  const std::vector<double> a = dims_at(args, left);
  const std::vector<double> b = dims_at(args, left + 1);
  const auto dtype = dtype_named(item_text(args, "Input type", left));
  if (!dtype || a.size() != b.size() || (a.size() != 2 && a.size() != 3)) return std::nullopt;
  const std::size_t r = a.size() - 2;  // a batch in front
  if (a[r + 1] != b[r]) return std::nullopt;
  Operation op;
  op.dtype = *dtype;
  op.axes = {{m, a[r]}, {n, b[r + 1]}, {k, a[r + 1]}};
  if (r == 1) {
    op.family = KernelFamily::grouped_gemm;
    op.axes[groups] = a[0];
    op.axes[skew] = 1;
  }
  return op;
}

struct AttentionOperator {
  std::string_view name;
  KernelPass pass;
  std::size_t query;   ///< index of the query among the inputs; key and value follow
  std::size_t causal;  ///< index of the flag
};

// aten/src/ATen/native/native_functions.yaml of PyTorch 2.x
constexpr std::array<AttentionOperator, 4> attention_operators{{
    {"aten::_scaled_dot_product_flash_attention", KernelPass::fwd, 0, 4},
    {"aten::_scaled_dot_product_flash_attention_backward", KernelPass::bwd, 1, 11},
    {"aten::_scaled_dot_product_cudnn_attention", KernelPass::fwd, 0, 6},
    {"aten::_scaled_dot_product_cudnn_attention_backward", KernelPass::bwd, 1, 13},
}};

std::optional<Operation> attention(const AttentionOperator& row, const JsonValue& args) {
  const std::vector<double> q = dims_at(args, row.query);
  const std::vector<double> key = dims_at(args, row.query + 1);
  const std::vector<double> v = dims_at(args, row.query + 2);
  const auto dtype = dtype_named(item_text(args, "Input type", row.query));
  if (!dtype || q.size() != 4 || key.size() != 4 || v.size() != 4 || q[2] != key[2]) return std::nullopt;
  const std::string_view flag = item_text(args, "Concrete Inputs", row.causal);
  if (flag.empty()) return std::nullopt;  // half the work or all of it: do not guess
  Operation op;
  op.family = KernelFamily::attention;
  op.dtype = *dtype;
  op.pass = row.pass;
  op.axes = {{batch, q[0]},
             {seq, q[2]},
             {heads, q[1]},
             {kv_heads, key[1]},
             {head_dim, q[3]},
             {v_head_dim, v[3]},
             {causal, flag == "True" ? 1 : 0}};
  return op;
}

}  // namespace

std::optional<Operation> operation_of(std::string_view name, const JsonValue& args) {
  if (name == "aten::mm" || name == "aten::bmm") return product(args, 0);
  if (name == "aten::addmm") return product(args, 1);
  if (name == "aten::_scaled_mm") return product(args, 0);
  for (const AttentionOperator& row : attention_operators) {
    if (row.name == name) return attention(row, args);
  }
  return std::nullopt;
}

std::optional<Operation> collective_of(const JsonValue& args) {
  const JsonValue* name = args.find("Collective name");
  const JsonValue* in = args.find("In msg nelems");
  const JsonValue* out = args.find("Out msg nelems");
  const JsonValue* dtype = args.find("dtype");
  const JsonValue* size = args.find("Group size");
  if (name == nullptr || in == nullptr || out == nullptr || dtype == nullptr || size == nullptr) return std::nullopt;
  const std::string_view text = name->text_or("");
  Operation op;
  op.dtype = dtype_named(dtype->text_or("")).value_or(KernelDtype::mixed);
  const JsonValue* elements_of = in;
  if (text.find("allgather") != std::string_view::npos || text.find("all_gather") != std::string_view::npos) {
    op.family = KernelFamily::all_gather;
    elements_of = out;  // the whole buffer, as nccl-tests count
  } else if (text.find("reduce_scatter") != std::string_view::npos) {
    op.family = KernelFamily::reduce_scatter;
  } else if (text.find("allreduce") != std::string_view::npos || text.find("all_reduce") != std::string_view::npos) {
    op.family = KernelFamily::all_reduce;
  } else if (text.find("all_to_all") != std::string_view::npos || text.find("alltoall") != std::string_view::npos) {
    op.family = KernelFamily::all_to_all;
  } else {
    return std::nullopt;
  }
  op.axes[KernelAxis::bytes] = elements_of->as_number().value_or(0) * width_of(dtype->text_or(""));
  op.axes[gpus] = size->as_number().value_or(0);
  if (op.axes[KernelAxis::bytes] <= 0) return std::nullopt;
  return op;
}

}  // namespace sextant::profile
