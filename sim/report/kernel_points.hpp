// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hardware/accelerator.hpp"
#include "hardware/kernel_profile.hpp"
#include "sim/report/report.hpp"
#include "sim/run/stack.hpp"

namespace sextant::sim::report {

/// "sextant/kernels/1": the matrix products and attention of a profile on the GPU's roofline, beside what the model
/// says. Figures "peak_flop_per_s", "hbm_bytes_per_s", "ridge_flop_per_byte", "median_abs_error" ...; table "points":
/// "kernel", "format", "pass", "shape", "intensity", "measured_flop_per_s", "model_flop_per_s", "measured_s",
/// "model_s", "error", "roof_share"; table "families" counts what the profile holds.
[[nodiscard]] Report kernel_report(const hardware::KernelProfile& profile, const hardware::Accelerator& gpu,
                                   const Stack& stack, const Parameters& parameters);

/// The same with the profile's GPU and a stack of the catalogue.
[[nodiscard]] std::optional<Report> kernel_report(const Catalogue& catalogue, const hardware::KernelProfile& profile,
                                                  const std::string& stack, const Parameters& parameters,
                                                  Diagnostics& faults);

/// The same of a profile of the catalogue.
[[nodiscard]] std::optional<Report> kernel_report(const Catalogue& catalogue, const std::string& profile,
                                                  const std::string& stack, const Parameters& parameters,
                                                  Diagnostics& faults);

}  // namespace sextant::sim::report
