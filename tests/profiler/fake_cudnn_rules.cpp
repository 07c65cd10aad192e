// SPDX-License-Identifier: Apache-2.0
// Which attributes a descriptor has, of what type, and when it is whole.
#include <algorithm>
#include <set>
#include <string>

#include "tests/profiler/fake_cudnn.hpp"

namespace sextant::profile::test {

namespace {

struct Rule {
  cudnnBackendDescriptorType_t descriptor;
  cudnnBackendAttributeName_t name;
  cudnnBackendAttributeType_t type;
  std::int64_t count;  ///< 0: any
  bool required;
};

// NVIDIA, cuDNN documentation, "Backend API": the attributes of each descriptor.
constexpr std::array<Rule, 37> rules{{
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_UNIQUE_ID, CUDNN_TYPE_INT64, 1, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_DATA_TYPE, CUDNN_TYPE_DATA_TYPE, 1, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, CUDNN_TYPE_INT64, 1, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, 4, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, 4, true},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_IS_VIRTUAL, CUDNN_TYPE_BOOLEAN, 1, false},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_IS_BY_VALUE, CUDNN_TYPE_BOOLEAN, 1, false},
    {CUDNN_BACKEND_TENSOR_DESCRIPTOR, CUDNN_ATTR_TENSOR_REORDERING_MODE, CUDNN_TYPE_TENSOR_REORDERING_MODE, 1, false},
    {CUDNN_BACKEND_MATMUL_DESCRIPTOR, CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, true},
    {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR, CUDNN_ATTR_OPERATION_MATMUL_ADESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR, CUDNN_ATTR_OPERATION_MATMUL_BDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR, CUDNN_ATTR_OPERATION_MATMUL_CDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR, CUDNN_ATTR_OPERATION_MATMUL_DESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_POINTWISE_DESCRIPTOR, CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, 1, true},
    {CUDNN_BACKEND_POINTWISE_DESCRIPTOR, CUDNN_ATTR_POINTWISE_MATH_PREC, CUDNN_TYPE_DATA_TYPE, 1, true},
    {CUDNN_BACKEND_POINTWISE_DESCRIPTOR, CUDNN_ATTR_POINTWISE_AXIS, CUDNN_TYPE_INT64, 1, false},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR,
     CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, true},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_XDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_BDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, false},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_TDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, false},
    {CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR, CUDNN_ATTR_OPERATION_POINTWISE_YDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_REDUCTION_DESCRIPTOR, CUDNN_ATTR_REDUCTION_OPERATOR, CUDNN_TYPE_REDUCTION_OPERATOR_TYPE, 1, true},
    {CUDNN_BACKEND_REDUCTION_DESCRIPTOR, CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_TYPE_DATA_TYPE, 1, true},
    {CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR, CUDNN_ATTR_OPERATION_REDUCTION_XDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR, CUDNN_ATTR_OPERATION_REDUCTION_YDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR, CUDNN_ATTR_OPERATION_REDUCTION_DESC, CUDNN_TYPE_BACKEND_DESCRIPTOR,
     1, true},
    {CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR, CUDNN_ATTR_OPERATION_RESHAPE_XDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR, CUDNN_ATTR_OPERATION_RESHAPE_YDESC, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR, CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, 0, true},
    {CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR, CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1, true},
    {CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR, CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, 1, true},
    {CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1,
     true},
    {CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR, CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, 1, true},
    {CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, 0, true},
    {CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, 0, true},
    {CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR, CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1, true},
}};

/// An inner tensor has to be written before it is read, and once; what the caller holds may be either.
std::string order_fault(const Node& graph) {
  std::set<std::int64_t> written;
  std::map<std::int64_t, const Node*> known;
  const auto& operations = graph.attributes.at(CUDNN_ATTR_OPERATIONGRAPH_OPS).nodes;
  for (const auto& operation : operations) {
    const Operands o = operands_of(*operation);
    for (const Node* in : o.inputs) {
      if (is_inner(*in) && written.count(id_of(*in)) == 0) return "an inner tensor is read before it is written";
      known.emplace(id_of(*in), in);
      if (known.at(id_of(*in)) != in) return "two tensors share an id";
    }
    if (!written.insert(id_of(*o.output)).second) return "a tensor is written twice";
    if (known.emplace(id_of(*o.output), o.output).first->second != o.output) return "two tensors share an id";
  }
  return {};
}

std::string matmul_fault(const Node& n) {
  const Dims a = dims_of(n.node(CUDNN_ATTR_OPERATION_MATMUL_ADESC)),
             b = dims_of(n.node(CUDNN_ATTR_OPERATION_MATMUL_BDESC)),
             c = dims_of(n.node(CUDNN_ATTR_OPERATION_MATMUL_CDESC));
  const bool outer = a[0] == c[0] && b[0] == c[0] && a[1] == c[1] && c[1] % b[1] == 0;  // heads may share B
  if (!outer || a[2] != c[2] || b[3] != c[3] || a[3] != b[2]) return "a product's dimensions do not match";
  return {};
}

std::string pointwise_fault(const Node& n) {
  const auto mode =
      n.node(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR).value<cudnnPointwiseMode_t>(CUDNN_ATTR_POINTWISE_MODE);
  const bool unary = mode == CUDNN_POINTWISE_EXP || mode == CUDNN_POINTWISE_LOG || mode == CUDNN_POINTWISE_IDENTITY ||
                     mode == CUDNN_POINTWISE_GEN_INDEX;
  if (unary == n.has(CUDNN_ATTR_OPERATION_POINTWISE_BDESC)) return "a pointwise operation's operands";
  if ((mode == CUDNN_POINTWISE_BINARY_SELECT) != n.has(CUDNN_ATTR_OPERATION_POINTWISE_TDESC)) {
    return "a selection's condition";
  }
  if ((mode == CUDNN_POINTWISE_GEN_INDEX) !=
      n.node(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR).has(CUDNN_ATTR_POINTWISE_AXIS)) {
    return "an index's axis";
  }
  const Operands o = operands_of(n);
  for (const Node* in : o.inputs) {
    for (std::size_t i = 0; i < 4; ++i) {
      if (dims_of(*in)[i] != dims_of(*o.output)[i] && dims_of(*in)[i] != 1) return "pointwise dimensions";
    }
  }
  return {};
}

}  // namespace

std::string fault_of(const Node& n) {
  for (const Rule& r : rules) {
    if (r.descriptor == n.type && r.required && !n.has(r.name)) {
      return "attribute " + std::to_string(static_cast<int>(r.name)) + " is missing";
    }
  }
  switch (n.type) {
    case CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR: return matmul_fault(n);
    case CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR: return pointwise_fault(n);
    case CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR: return order_fault(n);
    default: return {};
  }
}

std::optional<Form> form_of(cudnnBackendDescriptorType_t descriptor, cudnnBackendAttributeName_t name) {
  for (const Rule& r : rules) {
    if (r.descriptor == descriptor && r.name == name) return Form{r.type, r.count};
  }
  return std::nullopt;
}

Dims dims_of(const Node& t) {
  Dims out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = t.value<std::int64_t>(CUDNN_ATTR_TENSOR_DIMENSIONS, i);
  return out;
}
Dims strides_of(const Node& t) {
  Dims out{};
  for (std::size_t i = 0; i < 4; ++i) out[i] = t.value<std::int64_t>(CUDNN_ATTR_TENSOR_STRIDES, i);
  return out;
}
std::int64_t id_of(const Node& t) { return t.value<std::int64_t>(CUDNN_ATTR_TENSOR_UNIQUE_ID); }
bool is_inner(const Node& t) {
  return t.has(CUDNN_ATTR_TENSOR_IS_VIRTUAL) && t.value<bool>(CUDNN_ATTR_TENSOR_IS_VIRTUAL);
}

Operands operands_of(const Node& n) {
  switch (n.type) {
    case CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR:
      return {{&n.node(CUDNN_ATTR_OPERATION_MATMUL_ADESC), &n.node(CUDNN_ATTR_OPERATION_MATMUL_BDESC)},
              &n.node(CUDNN_ATTR_OPERATION_MATMUL_CDESC)};
    case CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR:
      return {{&n.node(CUDNN_ATTR_OPERATION_REDUCTION_XDESC)}, &n.node(CUDNN_ATTR_OPERATION_REDUCTION_YDESC)};
    case CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR:
      return {{&n.node(CUDNN_ATTR_OPERATION_RESHAPE_XDESC)}, &n.node(CUDNN_ATTR_OPERATION_RESHAPE_YDESC)};
    default: {
      Operands out{{&n.node(CUDNN_ATTR_OPERATION_POINTWISE_XDESC)}, &n.node(CUDNN_ATTR_OPERATION_POINTWISE_YDESC)};
      for (const auto name : {CUDNN_ATTR_OPERATION_POINTWISE_BDESC, CUDNN_ATTR_OPERATION_POINTWISE_TDESC}) {
        if (n.has(name)) out.inputs.push_back(&n.node(name));
      }
      return out;
    }
  }
}

}  // namespace sextant::profile::test
