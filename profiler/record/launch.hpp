// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sextant::profile {

[[nodiscard]] std::string process_id();

/// Runs the program with the recording library injected (CUDA_INJECTION64_PATH, and NVTX_INJECTION64_PATH for its
/// ranges), waits, and returns its exit code. Each of its processes that uses CUDA
/// writes `events_path`.PID. Nothing and a fault where the program cannot be started or this build has no recording
/// library.
[[nodiscard]] std::optional<int> run_recorded(const std::vector<std::string>& command, const std::string& events_path,
                                              std::string& fault);

}  // namespace sextant::profile
