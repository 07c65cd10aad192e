// SPDX-License-Identifier: Apache-2.0
// A graph of cuDNN operations on four-dimensional tensors, and the plan that runs it as one call. NVIDIA, cuDNN
// documentation, "Graph API" and "Backend API".
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "profiler/cuda/cudnn.hpp"

namespace sextant::profile {

using Dims = std::array<std::int64_t, 4>;

/// Strides of an array whose last index runs fastest.
[[nodiscard]] constexpr Dims packed(const Dims& d) { return {d[1] * d[2] * d[3], d[2] * d[3], d[3], 1}; }

/// A tensor of a graph: its unique id there.
using TensorId = std::int64_t;

/// What a pointer of the caller's stands for.
struct Bound {
  TensorId tensor = 0;
  void* data = nullptr;
};

/// What a plan is made for: the device of a handle, or one that a finalised device-property descriptor tells of (then
/// it can be planned but not run; CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION).
struct PlanTarget {
  cudnnHandle_t handle = nullptr;
  cudnnBackendDescriptor_t device = nullptr;
};

/// A graph that an engine has accepted.
class CudnnPlan {
 public:
  CudnnPlan(const CudnnLibrary& library, CudnnDescriptor plan, std::deque<float> scalars,
            const std::vector<TensorId>& scalar_ids);

  [[nodiscard]] std::int64_t workspace_bytes() const { return workspace_bytes_; }
  /// What execute() reads and writes: device memory for each tensor that is neither virtual nor a scalar.
  void bind(std::vector<Bound> tensors, void* workspace);
  void execute(cudnnHandle_t handle) const;

 private:
  const CudnnLibrary* library_;
  CudnnDescriptor plan_, pack_;
  std::deque<float> scalars_;  ///< on the host; their addresses stay when the plan moves
  std::vector<Bound> by_value_;
  std::int64_t workspace_bytes_ = 0;
};

class CudnnGraph {
 public:
  explicit CudnnGraph(const CudnnLibrary& library) : library_(&library) {}

  /// In the caller's memory.
  TensorId tensor(const Dims& dims, const Dims& strides, cudnnDataType_t type);
  /// A packed fp32 array in the caller's memory whose elements lie as the engine likes (F16x16): only cuDNN reads it.
  TensorId accumulator(const Dims& dims);
  /// A number, the same for all elements.
  TensorId scalar(float value);
  /// Lives inside the graph alone.
  TensorId inner(const Dims& dims, cudnnDataType_t type);

  // Operations; `out` is what they write, and is returned. Arithmetic in fp32 unless told.
  TensorId matmul(TensorId a, TensorId b, TensorId out);
  TensorId pointwise(cudnnPointwiseMode_t mode, TensorId x, TensorId out);
  TensorId pointwise(cudnnPointwiseMode_t mode, TensorId x, TensorId b, TensorId out);
  /// out(i) = index i along the axis.
  TensorId index(TensorId like, int axis, TensorId out);
  /// x >= b
  TensorId greater_equal(TensorId x, TensorId b, TensorId out);
  /// condition ? x : b
  TensorId select(TensorId x, TensorId b, TensorId condition, TensorId out);
  /// Over every axis in which `out` has one element (or fewer by a whole factor, which is then summed in groups).
  TensorId reduce(cudnnReduceTensorOp_t operation, TensorId x, TensorId out);
  /// The same elements under other dimensions and strides: a transpose where they are swapped.
  TensorId reshape(TensorId x, TensorId out);

  [[nodiscard]] const Dims& dims(TensorId t) const { return shapes_[static_cast<std::size_t>(t - 1)]; }

  /// The first of the engine configurations, in the order of cuDNN's heuristic, that can be made a plan. Throws
  /// DeviceError, with cuDNN's reason, where there is none.
  [[nodiscard]] CudnnPlan plan(const PlanTarget& target) const;

 private:
  enum class Kind : std::uint8_t { memory, accumulator, inner, scalar };
  TensorId add(Kind kind, const Dims& dims, const Dims& strides, cudnnDataType_t type);
  [[nodiscard]] const CudnnDescriptor& at(TensorId t) const { return tensors_[static_cast<std::size_t>(t - 1)]; }
  CudnnDescriptor& pointwise_with(cudnnPointwiseMode_t mode, cudnnDataType_t arithmetic, int axis = -1);
  TensorId finish_operation(TensorId out, const char* what);
  [[nodiscard]] CudnnDescriptor operation_graph(const PlanTarget& target) const;

  const CudnnLibrary* library_;
  std::deque<CudnnDescriptor> tensors_, modes_, operations_;
  std::vector<Dims> shapes_;
  std::deque<float> scalars_;
  std::vector<TensorId> scalar_ids_;
};

}  // namespace sextant::profile
