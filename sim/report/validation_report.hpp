// SPDX-License-Identifier: Apache-2.0
// Validation results as a report: sextant/validation/1.
#pragma once

#include <string>
#include <vector>

#include "sim/report/report.hpp"
#include "sim/validation/validation.hpp"

namespace sextant::sim::report {

/// Rows shown beside the others because no fit ever sees them.
struct ValidationBeside {
  std::string name;   ///< key of the JSON object "never_fitted"
  std::string title;  ///< for people
  Validation validation;
};

struct ValidationView {
  std::string title;     ///< what was compared
  std::string subtitle;  ///< with which calibration
  double seconds = 0;    ///< wall time of reading and predicting
  int worst = 0;         ///< rows to explain, worst first
  std::vector<ValidationBeside> beside;
};

[[nodiscard]] Report validation_report(const Validation& validation, const ValidationView& view);

}  // namespace sextant::sim::report
