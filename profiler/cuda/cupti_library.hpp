// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cupti.h>

#include <optional>
#include <string>

#include "profiler/cuda/shared_library.hpp"

namespace sextant::profile {

/// `path`: a certain copy that is preferred; may be nullptr.
[[nodiscard]] inline std::optional<SharedLibrary> open_cupti(const char* path = nullptr) {
  if (path != nullptr) {
    auto given = SharedLibrary::open({path});  // it may be another tool's
    if (given && given->function<decltype(cuptiActivityEnable)>("cuptiActivityEnable") != nullptr) return given;
  }
  return SharedLibrary::open({"libcupti.so.13", "libcupti.so.12", "libcupti.so"});
}

/// What CUPTI says of the code; CUPTI_ERROR_INSUFFICIENT_PRIVILEGES is the usual one for counters.
[[nodiscard]] inline std::string cupti_error(const SharedLibrary& library, CUptiResult code) {
  const char* text = nullptr;
  auto* describe = library.function<decltype(cuptiGetResultString)>("cuptiGetResultString");
  if (describe != nullptr) describe(code, &text);
  return text != nullptr ? text : "CUPTI error " + std::to_string(static_cast<int>(code));
}

}  // namespace sextant::profile
