// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/shared_library.hpp"

#include <dlfcn.h>

#include <cstdlib>
#include <vector>

namespace sextant::profile {

namespace {

std::vector<std::string> folders() {
  std::vector<std::string> out{""};
  const std::string built_with = SEXTANT_LIBRARY_FOLDERS;
  for (std::size_t at = 0; at < built_with.size();) {
    const std::size_t end = std::min(built_with.find(':', at), built_with.size());
    out.push_back(built_with.substr(at, end - at) + "/");
    at = end + 1;
  }
  if (const char* home = std::getenv("CUDA_HOME")) out.push_back(std::string(home) + "/lib64/");
  out.emplace_back("/usr/local/cuda/lib64/");
  out.emplace_back("/usr/local/cuda/extras/CUPTI/lib64/");
  return out;
}

}  // namespace

std::optional<SharedLibrary> SharedLibrary::open(std::initializer_list<const char*> names) {
  for (const std::string& folder : folders()) {
    for (const char* name : names) {
      void* handle = dlopen((folder + name).c_str(), RTLD_NOW | RTLD_LOCAL);
      if (handle == nullptr) continue;
      SharedLibrary out;
      // Never closed: CUDA's libraries do not survive being unloaded while a context lives.
      out.handle_ = std::shared_ptr<void>(handle, [](void*) {});
      out.path_ = folder + name;
      return out;
    }
  }
  return std::nullopt;
}

void* SharedLibrary::address(const char* name) const { return dlsym(handle_.get(), name); }

}  // namespace sextant::profile
