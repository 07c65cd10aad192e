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

/// For each of those calls: its first start to its last end, less its kernels' times (below zero where they overlap).
/// Events around the call see these gaps, its kernels' sum does not. Nothing where the above gives nothing.
[[nodiscard]] std::vector<double> gaps_per_repetition(const std::vector<KernelRecord>& kernels, int repetitions);

/// How often to run the kernel that empties the cache, which takes `flush_s`, so that the device is still at it when
/// the host has queued the events and `host_calls` calls behind it.
[[nodiscard]] int flushes_for(int host_calls, double flush_s);

}  // namespace sextant::profile
