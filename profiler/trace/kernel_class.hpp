// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "profiler/trace/trace.hpp"

namespace sextant::profile {

enum class KernelClass : std::uint8_t {
  gemm,
  attention,
  communication,
  cast,
  optimizer,
  norm,
  routing,
  elementwise,
  memory,
  other
};

inline constexpr std::array<std::string_view, 10> kernel_class_names{
    "GEMM",    "attention",    "communication",    "casts", "optimizer", "norms",
    "routing", "element-wise", "copies and fills", "other"};

/// What a kernel does, by the words its name holds. Communication is more than NCCL: DeepEP, NVSHMEM and other
/// libraries' kernels count too.
[[nodiscard]] KernelClass classify(std::string_view kernel_name);
[[nodiscard]] KernelClass classify(const Trace& trace, const DeviceEvent& event);

[[nodiscard]] inline std::string_view name_of(KernelClass c) { return kernel_class_names[static_cast<std::size_t>(c)]; }

}  // namespace sextant::profile
