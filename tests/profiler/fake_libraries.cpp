// SPDX-License-Identifier: Apache-2.0
#include "tests/profiler/fake_libraries.hpp"

#include <set>
#include <string>

#include "profiler/cuda/shared_library.hpp"

namespace sextant::profile {

namespace {

std::set<std::string, std::less<>>& missing() {
  static std::set<std::string, std::less<>> names;
  return names;
}

}  // namespace

void test::install(std::string_view library, bool there) {
  if (there) {
    missing().erase(std::string(library));
  } else {
    missing().insert(std::string(library));
  }
}

std::optional<SharedLibrary> SharedLibrary::open(std::initializer_list<const char*> names) {
  const std::string_view first = *names.begin();
  const std::string_view library = first.substr(0, first.find(".so"));
  bool known = library.rfind("libcublas", 0) == 0;
#ifdef SEXTANT_HAS_CUDNN
  known = known || library == "libcudnn";
#endif
#ifdef SEXTANT_TESTS_NCCL
  known = known || library == "libnccl";
#endif
  if (!known || missing().count(library) > 0) return std::nullopt;
  SharedLibrary out;
  out.path_ = first;
  return out;
}

void* SharedLibrary::address(const char* name) const {
  void* out = test::blas_function(name);
#ifdef SEXTANT_HAS_CUDNN
  if (out == nullptr) out = test::cudnn_function(name);
#endif
#ifdef SEXTANT_TESTS_NCCL
  if (out == nullptr) out = test::nccl_function(name);
#endif
  return out;
}

}  // namespace sextant::profile
