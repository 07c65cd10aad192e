// SPDX-License-Identifier: Apache-2.0
// From a framework operator's recorded arguments to the shape of a kernel family. Internal to the trace reader.
#pragma once

#include <optional>
#include <string_view>

#include "profiler/core/json_value.hpp"
#include "profiler/trace/trace.hpp"

namespace sextant::profile {

/// A matrix product or attention by its "Input Dims", "Input type" and "Concrete Inputs"; nothing for other operators.
[[nodiscard]] std::optional<Operation> operation_of(std::string_view name, const JsonValue& args);

/// A collective by the arguments that Kineto writes on NCCL kernels; nothing where they are missing.
[[nodiscard]] std::optional<Operation> collective_of(const JsonValue& args);

}  // namespace sextant::profile
