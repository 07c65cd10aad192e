// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "hardware/accelerator.hpp"
#include "hardware/kernel_profile.hpp"
#include "sim/report/report.hpp"
#include "sim/validation/profile_residuals.hpp"

namespace sextant::sim::report {

/// "sextant/profile-summary/1": a kernel profile against roofline and closed forms, table by table, then its shapes.
/// People see some of many shapes, programs all.
[[nodiscard]] Report kernel_profile_report(const hardware::KernelProfile& profile,
                                           const std::vector<TableResiduals>& residuals);

/// What a roofline is drawn from: "peak_flop_per_s", "peak_fp8_flop_per_s", "hbm_bytes_per_s", "ridge_flop_per_byte".
[[nodiscard]] Report roof_figures(const hardware::Accelerator& gpu);

}  // namespace sextant::sim::report
