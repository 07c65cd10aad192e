// SPDX-License-Identifier: Apache-2.0
// Libraries that are the host's, for the tests of operations: fake_libraries.cpp stands in for shared_library.cpp, so
// that the profiler's own calls are what is tested.
#pragma once

#include <string_view>

namespace sextant::profile::test {

// The function of this name, or nullptr.
[[nodiscard]] void* blas_function(std::string_view name);
[[nodiscard]] void* cudnn_function(std::string_view name);
[[nodiscard]] void* nccl_function(std::string_view name);

/// Whether libraries of this name ("libcudnn") are found; at first all are.
void install(std::string_view library, bool there);

}  // namespace sextant::profile::test
