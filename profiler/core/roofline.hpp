// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "profiler/core/profile_data.hpp"

namespace sextant::profile {

/// What the part itself was measured to reach: the roofs under which its other kernels stand.
struct Ceilings {
  double bytes_per_s = 0;      ///< largest copy or triad
  double flops_16_per_s = 0;   ///< best 16-bit GEMM
  double flops_fp8_per_s = 0;  ///< best FP8 GEMM
};
[[nodiscard]] Ceilings ceilings_of(const std::vector<Sample>& samples);

/// The least time the sample's work takes under the ceilings, which of the two binds, and how near the sample comes.
struct Roofline {
  double floor_s = 0;
  bool memory_bound = false;
  double achieved = 0;  ///< floor over measured; 0 where no ceiling is known
};
[[nodiscard]] Roofline roofline(const Sample& sample, const Ceilings& ceilings);

/// One line a sample: name, time, spread, rate, share of the roof, error; then what was not measured.
[[nodiscard]] std::string table_text(const ProfileData& profile);

/// The checks of the method: clocks that disagree, throttled or badly spread samples, memory-bound kernels far from the
/// copy rate. Empty when all is well.
[[nodiscard]] std::vector<std::string> warnings_of(const ProfileData& profile);

}  // namespace sextant::profile
