// SPDX-License-Identifier: Apache-2.0
// Traces of the PyTorch profiler (Kineto's Chrome JSON), and of whatever else writes kernels as complete ("X") events.
#pragma once

#include <optional>
#include <string>

#include "profiler/core/json_value.hpp"
#include "profiler/trace/trace.hpp"

namespace sextant::profile {

struct KinetoOptions {
  int device = -1;  ///< only this one; -1: all
};

/// Reads event by event, so that the file's size does not matter. Nothing and a fault for what is no trace.
[[nodiscard]] std::optional<Trace> read_kineto(ByteSource source, const KinetoOptions& options, std::string& fault);

}  // namespace sextant::profile
