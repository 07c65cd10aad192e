// SPDX-License-Identifier: Apache-2.0
// From kernel records to the time of one call. Free of CUDA, so that it is tested without.
#pragma once

#include <vector>

#include "profiler/cuda/kernel_clock.hpp"

namespace sextant::profile {

[[nodiscard]] inline double seconds(const KernelRecord& k) { return static_cast<double>(k.end_ns - k.start_ns) * 1e-9; }

/// Kernels of `repetitions` equal calls, in order, as one time for each: their sum. Nothing when they do not divide
/// evenly (records were lost, or the number of kernels varies).
[[nodiscard]] std::vector<double> times_per_repetition(const std::vector<KernelRecord>& kernels, int repetitions);

}  // namespace sextant::profile
