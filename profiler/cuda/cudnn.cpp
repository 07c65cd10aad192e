// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/cudnn.hpp"

#include <array>

namespace sextant::profile {

std::unique_ptr<CudnnLibrary> CudnnLibrary::open(std::string& why_not) {
  auto library = SharedLibrary::open({"libcudnn.so.9", "libcudnn.so"});
  if (!library) {
    why_not = "libcudnn is not found";
    return nullptr;
  }
  std::unique_ptr<CudnnLibrary> out(new CudnnLibrary(std::move(*library)));
  bool good = true;
#define SEXTANT_LOAD(f) good = (out->api_.f = out->library_.function<decltype(::f)>(#f)) != nullptr && good;
  SEXTANT_CUDNN_FUNCTIONS(SEXTANT_LOAD)
#undef SEXTANT_LOAD
  if (!good) {
    why_not = out->library_.path() + " is older than cuDNN 9";
    return nullptr;
  }
  return out;
}

CudnnLibrary::~CudnnLibrary() {
  if (handle_ != nullptr) api_.cudnnDestroy(handle_);
}

cudnnHandle_t CudnnLibrary::handle() {
  if (handle_ == nullptr) check(api_.cudnnCreate(&handle_), "cudnnCreate");
  return handle_;
}

std::string CudnnLibrary::version() const {
  const std::size_t v = api_.cudnnGetVersion();  // major * 10000 + minor * 100 + patch, since version 9
  return std::to_string(v / 10000) + "." + std::to_string(v % 10000 / 100) + "." + std::to_string(v % 100);
}

void CudnnLibrary::check(cudnnStatus_t status, const char* what) const {
  if (status == CUDNN_STATUS_SUCCESS) return;
  std::array<char, 512> words{};
  api_.cudnnGetLastErrorString(words.data(), words.size());
  std::string message = std::string(what) + ": " + api_.cudnnGetErrorString(status);
  if (words[0] != '\0') message += std::string(" (") + words.data() + ")";
  throw DeviceError(message);
}

CudnnDescriptor::CudnnDescriptor(const CudnnLibrary& library, cudnnBackendDescriptorType_t type) : library_(&library) {
  library.check(library.api().cudnnBackendCreateDescriptor(type, &raw_), "cudnnBackendCreateDescriptor");
}

CudnnDescriptor::~CudnnDescriptor() {
  if (raw_ != nullptr) library_->api().cudnnBackendDestroyDescriptor(raw_);
}

CudnnDescriptor& CudnnDescriptor::set(cudnnBackendAttributeName_t name, cudnnBackendAttributeType_t type,
                                      std::int64_t count, const void* values) {
  library_->check(library_->api().cudnnBackendSetAttribute(raw_, name, type, count, values),
                  ("cuDNN attribute " + std::to_string(static_cast<int>(name))).c_str());
  return *this;
}

CudnnDescriptor& CudnnDescriptor::finalise(const char* what) {
  library_->check(library_->api().cudnnBackendFinalize(raw_), what);
  return *this;
}

}  // namespace sextant::profile
