// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/cudnn_graph.hpp"

namespace sextant::profile {

namespace {

constexpr std::int64_t alignment = 16;  // bytes; what cudaMalloc gives is better

// cuDNN 9.8 can plan for a device that is not there, and names it in these attributes.
#if CUDNN_VERSION >= 90800
constexpr auto heuristic_device = CUDNN_ATTR_ENGINEHEUR_DEVICEPROP;
constexpr auto plan_device = CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP;
#else
constexpr auto heuristic_device = static_cast<cudnnBackendAttributeName_t>(204);
constexpr auto plan_device = static_cast<cudnnBackendAttributeName_t>(407);
#endif

void set_device(CudnnDescriptor& d, cudnnBackendAttributeName_t name, const PlanTarget& target) {
  if (target.device != nullptr) d.set(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &target.device);
}

/// What the heuristic would run the graph with, best first. Empty where it knows nothing.
std::vector<CudnnDescriptor> configurations(const CudnnLibrary& library, const CudnnDescriptor& graph,
                                            cudnnBackendHeurMode_t mode, const PlanTarget& target) {
  CudnnDescriptor heuristic(library, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
  heuristic.set(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph)
      .set(CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, 1, &mode);
  set_device(heuristic, heuristic_device, target);
  heuristic.finalise("cuDNN's heuristic");
  const auto get = [&](std::int64_t room, std::int64_t& found, void* out) {
    library.check(library.api().cudnnBackendGetAttribute(heuristic.raw(), CUDNN_ATTR_ENGINEHEUR_RESULTS,
                                                         CUDNN_TYPE_BACKEND_DESCRIPTOR, room, &found, out),
                  "cuDNN's heuristic");
  };
  std::int64_t count = 0;
  get(0, count, nullptr);
  std::vector<CudnnDescriptor> out;
  std::vector<cudnnBackendDescriptor_t> raw;
  for (std::int64_t i = 0; i < count; ++i) {
    out.emplace_back(library, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
    raw.push_back(out.back().raw());
  }
  std::int64_t given = 0;
  if (count > 0) get(count, given, raw.data());
  out.resize(static_cast<std::size_t>(given));
  return out;
}

CudnnDescriptor plan_of(const CudnnLibrary& library, const CudnnDescriptor& configuration, const PlanTarget& target) {
  CudnnDescriptor plan(library, CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
  plan.set(CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, configuration);
  if (target.handle != nullptr) plan.set(CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, 1, &target.handle);
  set_device(plan, plan_device, target);
  plan.finalise("cuDNN's execution plan");
  return plan;
}

}  // namespace

CudnnPlan::CudnnPlan(const CudnnLibrary& library, CudnnDescriptor plan, std::deque<float> scalars,
                     const std::vector<TensorId>& scalar_ids)
    : library_(&library), plan_(std::move(plan)), scalars_(std::move(scalars)) {
  for (std::size_t i = 0; i < scalars_.size(); ++i) by_value_.push_back({scalar_ids[i], &scalars_[i]});
  std::int64_t count = 0;
  library.check(library.api().cudnnBackendGetAttribute(plan_.raw(), CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE,
                                                       CUDNN_TYPE_INT64, 1, &count, &workspace_bytes_),
                "cuDNN's workspace");
}

void CudnnPlan::bind(std::vector<Bound> tensors, void* workspace) {
  tensors.insert(tensors.end(), by_value_.begin(), by_value_.end());
  std::vector<TensorId> ids;
  std::vector<void*> pointers;
  for (const Bound& b : tensors) {
    ids.push_back(b.tensor);
    pointers.push_back(b.data);
  }
  const auto count = static_cast<std::int64_t>(ids.size());
  pack_ = CudnnDescriptor(*library_, CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
  pack_.set(CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, count, ids.data())
      .set(CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, count, pointers.data())
      .set(CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, 1, &workspace)
      .finalise("cuDNN's variant pack");
}

void CudnnPlan::execute(cudnnHandle_t handle) const {
  library_->check(library_->api().cudnnBackendExecute(handle, plan_.raw(), pack_.raw()), "cudnnBackendExecute");
}

TensorId CudnnGraph::add(Kind kind, const Dims& dims, const Dims& strides, cudnnDataType_t type) {
  const auto id = static_cast<TensorId>(tensors_.size()) + 1;
  CudnnDescriptor& d = tensors_.emplace_back(*library_, CUDNN_BACKEND_TENSOR_DESCRIPTOR);
  d.set(CUDNN_ATTR_TENSOR_UNIQUE_ID, id)
      .set(CUDNN_ATTR_TENSOR_DATA_TYPE, type)
      .set(CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT, alignment)
      .set(CUDNN_ATTR_TENSOR_DIMENSIONS, CUDNN_TYPE_INT64, 4, dims.data())
      .set(CUDNN_ATTR_TENSOR_STRIDES, CUDNN_TYPE_INT64, 4, strides.data())
      .set(CUDNN_ATTR_TENSOR_IS_VIRTUAL, kind == Kind::inner)
      .set(CUDNN_ATTR_TENSOR_IS_BY_VALUE, kind == Kind::scalar);
  if (kind == Kind::accumulator) {
    constexpr cudnnBackendTensorReordering_t order = CUDNN_TENSOR_REORDERING_F16x16;
    d.set(CUDNN_ATTR_TENSOR_REORDERING_MODE, CUDNN_TYPE_TENSOR_REORDERING_MODE, 1, &order);
  }
  d.finalise("a cuDNN tensor");
  shapes_.push_back(dims);
  return id;
}

TensorId CudnnGraph::tensor(const Dims& dims, const Dims& strides, cudnnDataType_t type) {
  return add(Kind::memory, dims, strides, type);
}
TensorId CudnnGraph::accumulator(const Dims& dims) {
  return add(Kind::accumulator, dims, packed(dims), CUDNN_DATA_FLOAT);
}
TensorId CudnnGraph::inner(const Dims& dims, cudnnDataType_t type) {
  return add(Kind::inner, dims, packed(dims), type);
}
TensorId CudnnGraph::scalar(float value) {
  scalars_.push_back(value);
  scalar_ids_.push_back(add(Kind::scalar, {1, 1, 1, 1}, {1, 1, 1, 1}, CUDNN_DATA_FLOAT));
  return scalar_ids_.back();
}

TensorId CudnnGraph::finish_operation(TensorId out, const char* what) {
  operations_.back().finalise(what);
  return out;
}

TensorId CudnnGraph::matmul(TensorId a, TensorId b, TensorId out) {
  CudnnDescriptor& mode = modes_.emplace_back(*library_, CUDNN_BACKEND_MATMUL_DESCRIPTOR);
  mode.set(CUDNN_ATTR_MATMUL_COMP_TYPE, CUDNN_DATA_FLOAT).finalise("a cuDNN product");
  operations_.emplace_back(*library_, CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR)
      .set(CUDNN_ATTR_OPERATION_MATMUL_ADESC, at(a))
      .set(CUDNN_ATTR_OPERATION_MATMUL_BDESC, at(b))
      .set(CUDNN_ATTR_OPERATION_MATMUL_CDESC, at(out))
      .set(CUDNN_ATTR_OPERATION_MATMUL_DESC, mode);
  return finish_operation(out, "a cuDNN product");
}

CudnnDescriptor& CudnnGraph::pointwise_with(cudnnPointwiseMode_t mode, cudnnDataType_t arithmetic, int axis) {
  CudnnDescriptor& m = modes_.emplace_back(*library_, CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
  m.set(CUDNN_ATTR_POINTWISE_MODE, CUDNN_TYPE_POINTWISE_MODE, 1, &mode).set(CUDNN_ATTR_POINTWISE_MATH_PREC, arithmetic);
  if (axis >= 0) m.set(CUDNN_ATTR_POINTWISE_AXIS, static_cast<std::int64_t>(axis));
  m.finalise("a cuDNN pointwise mode");
  return operations_.emplace_back(*library_, CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR)
      .set(CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR, m);
}

TensorId CudnnGraph::pointwise(cudnnPointwiseMode_t mode, TensorId x, TensorId out) {
  pointwise_with(mode, CUDNN_DATA_FLOAT)
      .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, at(x))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, at(out));
  return finish_operation(out, "a cuDNN pointwise operation");
}

TensorId CudnnGraph::pointwise(cudnnPointwiseMode_t mode, TensorId x, TensorId b, TensorId out) {
  pointwise_with(mode, CUDNN_DATA_FLOAT)
      .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, at(x))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, at(b))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, at(out));
  return finish_operation(out, "a cuDNN pointwise operation");
}

TensorId CudnnGraph::index(TensorId like, int axis, TensorId out) {
  pointwise_with(CUDNN_POINTWISE_GEN_INDEX, CUDNN_DATA_INT32, axis)
      .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, at(like))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, at(out));
  return finish_operation(out, "a cuDNN index");
}

TensorId CudnnGraph::greater_equal(TensorId x, TensorId b, TensorId out) {
  pointwise_with(CUDNN_POINTWISE_CMP_GE, CUDNN_DATA_BOOLEAN)
      .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, at(x))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, at(b))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, at(out));
  return finish_operation(out, "a cuDNN comparison");
}

TensorId CudnnGraph::select(TensorId x, TensorId b, TensorId condition, TensorId out) {
  pointwise_with(CUDNN_POINTWISE_BINARY_SELECT, CUDNN_DATA_FLOAT)
      .set(CUDNN_ATTR_OPERATION_POINTWISE_XDESC, at(x))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_BDESC, at(b))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_TDESC, at(condition))
      .set(CUDNN_ATTR_OPERATION_POINTWISE_YDESC, at(out));
  return finish_operation(out, "a cuDNN selection");
}

TensorId CudnnGraph::reduce(cudnnReduceTensorOp_t operation, TensorId x, TensorId out) {
  CudnnDescriptor& mode = modes_.emplace_back(*library_, CUDNN_BACKEND_REDUCTION_DESCRIPTOR);
  mode.set(CUDNN_ATTR_REDUCTION_OPERATOR, CUDNN_TYPE_REDUCTION_OPERATOR_TYPE, 1, &operation)
      .set(CUDNN_ATTR_REDUCTION_COMP_TYPE, CUDNN_DATA_FLOAT)
      .finalise("a cuDNN reduction");
  operations_.emplace_back(*library_, CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR)
      .set(CUDNN_ATTR_OPERATION_REDUCTION_XDESC, at(x))
      .set(CUDNN_ATTR_OPERATION_REDUCTION_YDESC, at(out))
      .set(CUDNN_ATTR_OPERATION_REDUCTION_DESC, mode);
  return finish_operation(out, "a cuDNN reduction");
}

TensorId CudnnGraph::reshape(TensorId x, TensorId out) {
  operations_.emplace_back(*library_, CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR)
      .set(CUDNN_ATTR_OPERATION_RESHAPE_XDESC, at(x))
      .set(CUDNN_ATTR_OPERATION_RESHAPE_YDESC, at(out));
  return finish_operation(out, "a cuDNN reshape");
}

CudnnDescriptor CudnnGraph::operation_graph(const PlanTarget& target) const {
  std::vector<cudnnBackendDescriptor_t> raw;
  for (const CudnnDescriptor& o : operations_) raw.push_back(o.raw());
  CudnnDescriptor graph(*library_, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
  graph.set(CUDNN_ATTR_OPERATIONGRAPH_OPS, CUDNN_TYPE_BACKEND_DESCRIPTOR, static_cast<std::int64_t>(raw.size()),
            raw.data());
  if (target.handle != nullptr) graph.set(CUDNN_ATTR_OPERATIONGRAPH_HANDLE, CUDNN_TYPE_HANDLE, 1, &target.handle);
  graph.finalise("cuDNN's operation graph");
  return graph;
}

CudnnPlan CudnnGraph::plan(const PlanTarget& target) const {
  const CudnnDescriptor graph = operation_graph(target);
  std::string why;
  const auto note = [&why](const DeviceError& e) {
    if (why.empty()) why = e.what();  // the best configuration's reason tells most
  };
  for (const cudnnBackendHeurMode_t mode : {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK}) {
    try {
      for (const CudnnDescriptor& configuration : configurations(*library_, graph, mode, target)) {
        try {
          return {*library_, plan_of(*library_, configuration, target), scalars_, scalar_ids_};
        } catch (const DeviceError& e) {
          note(e);
        }
      }
    } catch (const DeviceError& e) {
      note(e);
    }
  }
  throw DeviceError(why.empty() ? "cuDNN's heuristic offers no engine for this graph" : why);
}

}  // namespace sextant::profile
