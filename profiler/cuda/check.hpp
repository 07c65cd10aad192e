// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cuda_runtime_api.h>

#include <stdexcept>
#include <string>

namespace sextant::profile {

/// A CUDA call, or a call into one of its libraries, that failed. Caught where a case ends: it becomes "not measured".
struct DeviceError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void check(cudaError_t code, const char* what) {
  if (code != cudaSuccess) throw DeviceError(std::string(what) + ": " + cudaGetErrorString(code));
}

/// After launching a kernel.
inline void check_launch(const char* what) { check(cudaGetLastError(), what); }

}  // namespace sextant::profile
