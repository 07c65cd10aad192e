// SPDX-License-Identifier: Apache-2.0
// Rows of device matrices as float64 on the host, for the checks.
#pragma once

#include <vector>

#include "profiler/cuda/memory.hpp"
#include "profiler/cuda/operation.hpp"
#include "profiler/cuda/reference.hpp"

namespace sextant::profile {

inline constexpr int checked_rows = 48;

[[nodiscard]] inline std::vector<double> row(const DeviceArray<kernels::Bf16>& m, std::int64_t index,
                                             std::int64_t width) {
  return reference::from_bf16(m.host(index * width, width));
}
[[nodiscard]] inline std::vector<double> row(const DeviceArray<float>& m, std::int64_t index, std::int64_t width) {
  const std::vector<float> f = m.host(index * width, width);
  return {f.begin(), f.end()};
}

inline void add_row(reference::ErrorNorm& error, const std::vector<double>& out, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) error.add(out[i], expected[i]);
}

[[nodiscard]] inline int whole(const Case& c, KernelAxis axis) { return static_cast<int>(c.axes[axis]); }
[[nodiscard]] inline std::int64_t whole64(const Case& c, KernelAxis axis) {
  return static_cast<std::int64_t>(c.axes[axis]);
}

/// Waits for what was launched and takes its faults.
inline void finish(cudaStream_t s, const char* what) {
  check_launch(what);
  check(cudaStreamSynchronize(s), what);
}

}  // namespace sextant::profile
