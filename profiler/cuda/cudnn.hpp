// SPDX-License-Identifier: Apache-2.0
// cuDNN's backend interface, opened when the program runs: its functions, and its descriptors as values that own.
#pragma once

#include <cudnn.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "profiler/cuda/check.hpp"
#include "profiler/cuda/shared_library.hpp"

namespace sextant::profile {

/// The functions used, each by its own declaration.
struct CudnnApi {
#define SEXTANT_CUDNN_FUNCTIONS(X) \
  X(cudnnGetVersion)               \
  X(cudnnGetErrorString)           \
  X(cudnnGetLastErrorString)       \
  X(cudnnCreate)                   \
  X(cudnnDestroy)                  \
  X(cudnnSetStream)                \
  X(cudnnBackendCreateDescriptor)  \
  X(cudnnBackendDestroyDescriptor) \
  X(cudnnBackendSetAttribute) X(cudnnBackendGetAttribute) X(cudnnBackendFinalize) X(cudnnBackendExecute)
#define SEXTANT_DECLARE(f) decltype(::f)* f = nullptr;
  SEXTANT_CUDNN_FUNCTIONS(SEXTANT_DECLARE)
#undef SEXTANT_DECLARE
};

class CudnnLibrary {
 public:
  /// nullptr, and why, where cuDNN cannot be opened. Needs no device.
  static std::unique_ptr<CudnnLibrary> open(std::string& why_not);
  CudnnLibrary(const CudnnLibrary&) = delete;
  CudnnLibrary& operator=(const CudnnLibrary&) = delete;
  ~CudnnLibrary();

  [[nodiscard]] const CudnnApi& api() const { return api_; }
  /// Of the device that is current at the first call. Throws DeviceError.
  [[nodiscard]] cudnnHandle_t handle();
  /// "9.19.0"
  [[nodiscard]] std::string version() const;
  /// Throws DeviceError with cuDNN's own words.
  void check(cudnnStatus_t status, const char* what) const;

 private:
  explicit CudnnLibrary(SharedLibrary library) : library_(std::move(library)) {}

  SharedLibrary library_;
  CudnnApi api_;
  cudnnHandle_t handle_ = nullptr;
};

/// One backend descriptor. Attributes of a type that the descriptor does not have throw DeviceError, as does finalise()
/// where one is missing.
class CudnnDescriptor {
 public:
  CudnnDescriptor() = default;
  CudnnDescriptor(const CudnnLibrary& library, cudnnBackendDescriptorType_t type);
  CudnnDescriptor(CudnnDescriptor&& o) noexcept : library_(o.library_), raw_(std::exchange(o.raw_, nullptr)) {}
  CudnnDescriptor& operator=(CudnnDescriptor&& o) noexcept {
    std::swap(library_, o.library_);
    std::swap(raw_, o.raw_);
    return *this;
  }
  CudnnDescriptor(const CudnnDescriptor&) = delete;
  CudnnDescriptor& operator=(const CudnnDescriptor&) = delete;
  ~CudnnDescriptor();

  CudnnDescriptor& set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type, std::int64_t count,
                       const void* values);
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, std::int64_t v) { return set(name, CUDNN_TYPE_INT64, 1, &v); }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, bool v) { return set(name, CUDNN_TYPE_BOOLEAN, 1, &v); }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, cudnnDataType_t v) {
    return set(name, CUDNN_TYPE_DATA_TYPE, 1, &v);
  }
  CudnnDescriptor& set(cudnnBackendAttributeName_t name, const CudnnDescriptor& v) {
    return set(name, CUDNN_TYPE_BACKEND_DESCRIPTOR, 1, &v.raw_);
  }
  CudnnDescriptor& finalise(const char* what);
  [[nodiscard]] cudnnBackendDescriptor_t raw() const { return raw_; }

 private:
  const CudnnLibrary* library_ = nullptr;
  cudnnBackendDescriptor_t raw_ = nullptr;
};

}  // namespace sextant::profile
