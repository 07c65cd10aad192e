// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "profiler/core/profile_data.hpp"
#include "profiler/trace/trace.hpp"

namespace sextant::profile {

/// Device time of each host range: the union of the kernels launched inside it, by the launching thread and time.
/// Ranges of one name are added up; longest first.
[[nodiscard]] std::vector<RangeTime> range_times(const Trace& trace);

}  // namespace sextant::profile
