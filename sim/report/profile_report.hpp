// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "hardware/kernel_profile.hpp"
#include "sim/report/report.hpp"
#include "sim/validation/profile_residuals.hpp"

namespace sextant::sim::report {

/// "sextant/profile-summary/1": a kernel profile against roofline and closed forms, table by table, then its shapes.
/// People see some of many shapes, programs all.
[[nodiscard]] Report kernel_profile_report(const hardware::KernelProfile& profile,
                                           const std::vector<TableResiduals>& residuals);

}  // namespace sextant::sim::report
