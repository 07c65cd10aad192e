// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "profiler/core/profile_data.hpp"
#include "profiler/trace/trace.hpp"

namespace sextant::profile {

/// Ends each event where the next on its stream begins, when it runs further than `tolerance` into it (durations that
/// overflow, seen in ROCm traces, would otherwise be summed). Sorts the events. Returns how many were cut.
[[nodiscard]] std::uint64_t clip(Trace& trace, Nanoseconds tolerance = 500);

/// Classes, overlap, top kernels and ranges. The trace must have been clipped.
[[nodiscard]] Recording summarise(const Trace& trace, std::uint64_t clipped, int top);

/// One sample for each known shape: median over its calls of the sum of the call's kernels.
[[nodiscard]] std::vector<Sample> samples_of(const Trace& trace);

/// The recording as tables.
[[nodiscard]] std::string recording_text(const Recording& recording);

}  // namespace sextant::profile
