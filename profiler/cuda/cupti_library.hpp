// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cupti.h>

#include <optional>
#include <string>

#include "profiler/cuda/shared_library.hpp"

namespace sextant::profile {

[[nodiscard]] inline std::optional<SharedLibrary> open_cupti() {
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
