// SPDX-License-Identifier: Apache-2.0
// The arithmetic of a graph, node by node in double, rounded to each tensor's type.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "profiler/cuda/reference.hpp"
#include "tests/profiler/fake_cudnn.hpp"

namespace sextant::profile::test {

namespace {

/// A tensor's values in the order of its dimensions.
struct Values {
  Dims dims{};
  std::vector<double> data;

  [[nodiscard]] double& at(const Dims& i) {
    return data[static_cast<std::size_t>(((i[0] * dims[1] + i[1]) * dims[2] + i[2]) * dims[3] + i[3])];
  }
  /// Where this has one element along an axis, or a whole fraction of the other's heads, it serves for several.
  [[nodiscard]] double spread(const Dims& i, const Dims& over) {
    Dims mine{};
    for (std::size_t a = 0; a < 4; ++a) mine[a] = i[a] / (over[a] / dims[a]);
    return at(mine);
  }
};

Values made(const Dims& d, double value = 0) {
  return {d, std::vector<double>(static_cast<std::size_t>(d[0] * d[1] * d[2] * d[3]), value)};
}

template <class F>
void for_each_index(const Dims& d, F body) {
  for (std::int64_t a = 0; a < d[0]; ++a) {
    for (std::int64_t b = 0; b < d[1]; ++b) {
      for (std::int64_t c = 0; c < d[2]; ++c) {
        for (std::int64_t e = 0; e < d[3]; ++e) body(Dims{a, b, c, e});
      }
    }
  }
}

std::uint16_t to_bf16(double v) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(v));
  return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

cudnnDataType_t type_of(const Node& t) { return t.value<cudnnDataType_t>(CUDNN_ATTR_TENSOR_DATA_TYPE); }

double rounded(const Node& t, double v) {
  switch (type_of(t)) {
    case CUDNN_DATA_BFLOAT16: return reference::from_bf16(to_bf16(v));
    case CUDNN_DATA_FLOAT: return static_cast<double>(static_cast<float>(v));
    default: return v;
  }
}

std::int64_t offset(const Node& t, const Dims& i) {
  const Dims s = strides_of(t);
  return i[0] * s[0] + i[1] * s[1] + i[2] * s[2] + i[3] * s[3];
}

class Run {
 public:
  explicit Run(const std::map<std::int64_t, void*>& memory) : memory_(memory) {}

  void operation(const Node& n) {
    switch (n.type) {
      case CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR: matmul(n); break;
      case CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR: reduce(n); break;
      case CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR: reshape(n); break;
      default: pointwise(n);
    }
  }

 private:
  Values& load(const Node& t) {
    const auto [found, fresh] = values_.try_emplace(id_of(t));
    Values& out = found->second;
    if (!fresh || is_inner(t)) return out;
    out = made(dims_of(t));
    const void* p = memory_.at(id_of(t));
    for_each_index(out.dims, [&](const Dims& i) {
      out.at(i) = type_of(t) == CUDNN_DATA_BFLOAT16
                      ? reference::from_bf16(static_cast<const std::uint16_t*>(p)[offset(t, i)])
                      : static_cast<double>(static_cast<const float*>(p)[offset(t, i)]);
    });
    return out;
  }

  void store(const Node& t, Values v) {
    // A sum that the engine's blocks add to, on top of what the caller left there.
    if (t.has(CUDNN_ATTR_TENSOR_REORDERING_MODE)) {
      Values before = load(t);
      for_each_index(v.dims, [&](const Dims& i) { v.at(i) += before.at(i); });
    }
    for (double& x : v.data) x = rounded(t, x);
    if (!is_inner(t)) {
      void* p = memory_.at(id_of(t));
      for_each_index(v.dims, [&](const Dims& i) {
        if (type_of(t) == CUDNN_DATA_BFLOAT16) {
          static_cast<std::uint16_t*>(p)[offset(t, i)] = to_bf16(v.at(i));
        } else {
          static_cast<float*>(p)[offset(t, i)] = static_cast<float>(v.at(i));
        }
      });
    }
    values_[id_of(t)] = std::move(v);
  }

  void matmul(const Node& n) {
    const Operands o = operands_of(n);
    Values &a = load(*o.inputs[0]), &b = load(*o.inputs[1]);
    Values out = made(dims_of(*o.output));
    const std::int64_t depth = a.dims[3], share = a.dims[1] / b.dims[1];
    for_each_index({out.dims[0], out.dims[1], out.dims[2], depth}, [&](const Dims& i) {
      const double v = a.at(i);
      const double* from = &b.at({i[0], i[1] / share, i[3], 0});
      double* to = &out.at({i[0], i[1], i[2], 0});
      for (std::int64_t j = 0; j < out.dims[3]; ++j) to[j] += v * from[j];
    });
    store(*o.output, std::move(out));
  }

  void reduce(const Node& n) {
    const Operands o = operands_of(n);
    const bool largest =
        n.node(CUDNN_ATTR_OPERATION_REDUCTION_DESC).value<cudnnReduceTensorOp_t>(CUDNN_ATTR_REDUCTION_OPERATOR) ==
        CUDNN_REDUCE_TENSOR_MAX;
    Values& x = load(*o.inputs[0]);
    Values out = made(dims_of(*o.output), largest ? -std::numeric_limits<double>::infinity() : 0);
    for_each_index(x.dims, [&](const Dims& i) {
      Dims to{};
      for (std::size_t axis = 0; axis < 4; ++axis) to[axis] = i[axis] / (x.dims[axis] / out.dims[axis]);
      double& v = out.at(to);
      v = largest ? std::max(v, x.at(i)) : v + x.at(i);
    });
    store(*o.output, std::move(out));
  }

  /// The last two axes swapped: the only reshape that is used.
  void reshape(const Node& n) {
    const Operands o = operands_of(n);
    Values& x = load(*o.inputs[0]);
    Values out = made(dims_of(*o.output));
    for_each_index(out.dims, [&](const Dims& i) { out.at(i) = x.at({i[0], i[1], i[3], i[2]}); });
    store(*o.output, std::move(out));
  }

  void pointwise(const Node& n) {
    const Node& mode = n.node(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
    const Operands o = operands_of(n);
    std::vector<Values*> in;
    for (const Node* t : o.inputs) in.push_back(&load(*t));
    Values out = made(dims_of(*o.output));
    for_each_index(out.dims, [&](const Dims& i) {
      const auto operand = [&](std::size_t k) { return in[k]->spread(i, out.dims); };
      switch (mode.value<cudnnPointwiseMode_t>(CUDNN_ATTR_POINTWISE_MODE)) {
        case CUDNN_POINTWISE_ADD: out.at(i) = operand(0) + operand(1); break;
        case CUDNN_POINTWISE_SUB: out.at(i) = operand(0) - operand(1); break;
        case CUDNN_POINTWISE_MUL: out.at(i) = operand(0) * operand(1); break;
        case CUDNN_POINTWISE_DIV: out.at(i) = operand(0) / operand(1); break;
        case CUDNN_POINTWISE_EXP: out.at(i) = std::exp(operand(0)); break;
        case CUDNN_POINTWISE_LOG: out.at(i) = std::log(operand(0)); break;
        case CUDNN_POINTWISE_IDENTITY: out.at(i) = operand(0); break;
        case CUDNN_POINTWISE_CMP_GE: out.at(i) = operand(0) >= operand(1) ? 1 : 0; break;
        case CUDNN_POINTWISE_BINARY_SELECT: out.at(i) = operand(2) != 0 ? operand(0) : operand(1); break;
        case CUDNN_POINTWISE_GEN_INDEX:
          out.at(i) =
              static_cast<double>(i[static_cast<std::size_t>(mode.value<std::int64_t>(CUDNN_ATTR_POINTWISE_AXIS))]);
          break;
        default: out.at(i) = std::numeric_limits<double>::quiet_NaN();
      }
    });
    store(*o.output, std::move(out));
  }

  const std::map<std::int64_t, void*>& memory_;
  std::map<std::int64_t, Values> values_;
};

}  // namespace

void execute(const Node& graph, const std::map<std::int64_t, void*>& memory) {
  Run run(memory);
  for (const auto& operation : graph.attributes.at(CUDNN_ATTR_OPERATIONGRAPH_OPS).nodes) run.operation(*operation);
}

}  // namespace sextant::profile::test
