// SPDX-License-Identifier: Apache-2.0
// Where the figures of a measured kernel, and of a table of them, come from: "sextant/explain/1" of each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/cluster.hpp"
#include "hardware/kernel_profile.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/report/report.hpp"
#include "sim/validation/profile_residuals.hpp"

namespace sextant::sim::report {

/// A profile with everything that was found of it.
struct ExplainedProfile {
  const hardware::KernelProfile& profile;
  const std::vector<TableResiduals>& residuals;
  const std::optional<hardware::Cluster>& usual;  ///< of the GPU; nothing: it is not in the catalogue
  const Calibration& calibration;
};

/// The table "samples" or "tables" of kernel_profile_report with a column "tag" in front: what explains each row.
[[nodiscard]] Table with_kernel_tags(const hardware::KernelProfile& profile,
                                     const std::vector<TableResiduals>& residuals, Table table);

[[nodiscard]] bool explains_kernel(std::string_view tag);

/// What was measured, the least time under the roofs, the closed form's time, and what each rests on. Without items
/// where the tag is of another profile.
[[nodiscard]] Report explain_kernel(const ExplainedProfile& e, std::string_view tag);

}  // namespace sextant::sim::report
