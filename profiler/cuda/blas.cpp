// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/blas.hpp"

namespace sextant::profile {

namespace {

constexpr std::int64_t workspace_bytes = std::int64_t{64} << 20;  // what frameworks give Hopper: 32 MiB and more

}  // namespace

std::unique_ptr<BlasLibraries> BlasLibraries::open(std::string& why_not) {
  auto library = SharedLibrary::open({"libcublasLt.so.13", "libcublasLt.so.12", "libcublasLt.so"});
  if (!library) {
    why_not = "libcublasLt is not found";
    return nullptr;
  }
  std::unique_ptr<BlasLibraries> out(new BlasLibraries(std::move(*library)));
  bool good = true;
#define SEXTANT_LOAD(f) good = (out->lt_.f = out->lt_library_.function<decltype(::f)>(#f)) != nullptr && good;
  SEXTANT_LT_FUNCTIONS(SEXTANT_LOAD)
#undef SEXTANT_LOAD
  if (!good || out->lt_.cublasLtCreate(&out->handle_) != CUBLAS_STATUS_SUCCESS) {
    why_not = out->lt_library_.path() + " cannot be started";
    return nullptr;
  }
  out->cublas_ = SharedLibrary::open({"libcublas.so.13", "libcublas.so.12", "libcublas.so"});
  out->workspace_ = DeviceArray<char>(profile::workspace_bytes);
  return out;
}

BlasLibraries::~BlasLibraries() {
  if (handle_ != nullptr) lt_.cublasLtDestroy(handle_);
}

std::string BlasLibraries::version() const { return std::to_string(lt_.cublasLtGetVersion()); }

}  // namespace sextant::profile
