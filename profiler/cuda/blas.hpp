// SPDX-License-Identifier: Apache-2.0
// cuBLASLt and cuBLAS, opened when the program runs.
#pragma once

#include <cublasLt.h>
#ifdef SEXTANT_HAS_CUBLAS
#include <cublas_v2.h>
#endif

#include <memory>
#include <optional>
#include <string>

#include "profiler/cuda/memory.hpp"
#include "profiler/cuda/shared_library.hpp"

namespace sextant::profile {

/// The functions used, each by its own declaration.
struct LtApi {
#define SEXTANT_LT_FUNCTIONS(X)                                                                           \
  X(cublasLtCreate)                                                                                       \
  X(cublasLtDestroy)                                                                                      \
  X(cublasLtGetVersion)                                                                                   \
  X(cublasLtMatmul)                                                                                       \
  X(cublasLtMatmulDescCreate)                                                                             \
  X(cublasLtMatmulDescDestroy) X(cublasLtMatmulDescSetAttribute) X(cublasLtMatrixLayoutCreate)            \
      X(cublasLtMatrixLayoutDestroy) X(cublasLtMatmulPreferenceCreate) X(cublasLtMatmulPreferenceDestroy) \
          X(cublasLtMatmulPreferenceSetAttribute) X(cublasLtMatmulAlgoGetHeuristic)
#define SEXTANT_DECLARE(f) decltype(::f)* f = nullptr;
  SEXTANT_LT_FUNCTIONS(SEXTANT_DECLARE)
#undef SEXTANT_DECLARE
};

class BlasLibraries {
 public:
  /// nullptr, and why, where cuBLASLt cannot be opened.
  static std::unique_ptr<BlasLibraries> open(std::string& why_not);
  BlasLibraries(const BlasLibraries&) = delete;
  BlasLibraries& operator=(const BlasLibraries&) = delete;
  ~BlasLibraries();

  [[nodiscard]] const LtApi& lt() const { return lt_; }
  [[nodiscard]] cublasLtHandle_t handle() const { return handle_; }
  [[nodiscard]] std::string version() const;
  /// Shared by all products: they run one after another.
  [[nodiscard]] void* workspace() const { return workspace_.data(); }
  [[nodiscard]] std::size_t workspace_bytes() const { return static_cast<std::size_t>(workspace_.bytes()); }
  /// cuBLAS for grouped products, or nothing.
  [[nodiscard]] const std::optional<SharedLibrary>& cublas() const { return cublas_; }

 private:
  explicit BlasLibraries(SharedLibrary lt) : lt_library_(std::move(lt)) {}

  SharedLibrary lt_library_;
  std::optional<SharedLibrary> cublas_;
  LtApi lt_;
  cublasLtHandle_t handle_ = nullptr;
  DeviceArray<char> workspace_;
};

inline void check_blas(cublasStatus_t code, const char* what) {
  if (code == CUBLAS_STATUS_SUCCESS) return;
  throw DeviceError(std::string(what) + ": " +
                    (code == CUBLAS_STATUS_NOT_SUPPORTED ? "not supported by this version for this shape and format"
                                                         : "cuBLAS status " + std::to_string(static_cast<int>(code))));
}

}  // namespace sextant::profile
