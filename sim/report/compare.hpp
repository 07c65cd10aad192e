// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hardware/prices.hpp"
#include "sim/api.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// The same work on one kind of GPU.
struct Compared {
  std::string gpu;
  int gpus = 0;
  Precision precision = Precision::bf16;
  std::optional<Prediction> prediction;  ///< nothing where the run cannot be stated on this hardware
  std::vector<std::string> faults;       ///< why not
  std::vector<std::string> notes;        ///< what had to change
  std::optional<hardware::RentalBand> price;
};

/// Predicts a run on the GPUs it names; in the nearest precision where they lack its own.
[[nodiscard]] Compared compared(Run run, const Calibration& calibration, const hardware::Prices& prices);

/// "sextant/compare/1"; the first row is what the others are relative to.
[[nodiscard]] Report compare_report(const Run& run, const std::vector<Compared>& compared);

}  // namespace sextant::sim::report
