// SPDX-License-Identifier: Apache-2.0
// Validation results as a report: sextant/validation/1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/report/report.hpp"
#include "sim/validation/left_out.hpp"
#include "sim/validation/validation.hpp"

namespace sextant::sim::report {

/// Rows shown beside the others because no fit ever sees them.
struct ValidationBeside {
  std::string name;   ///< key of the JSON object "never_fitted"
  std::string title;  ///< for people
  Validation validation;
};

/// The same rows, each predicted by a refit that has not seen its fold.
struct ValidationLeftOut {
  LeftOutBy by = LeftOutBy::publisher_family;
  std::size_t folds = 0;
  std::vector<LeftOutRow> rows;                     ///< in the order of the validation's
  std::optional<double> coverage_of_unseen_widths;  ///< when the band's widths, too, have not seen the fold
};

struct ValidationView {
  std::string title;     ///< what was compared
  std::string subtitle;  ///< with which calibration
  double seconds = 0;    ///< wall time of reading and predicting
  int worst = 0;         ///< rows to explain, worst first
  std::vector<ValidationBeside> beside;
  std::vector<ValidationLeftOut> left_out;
};

/// "publisher-family", "publisher", "model" or "cell".
[[nodiscard]] std::string_view name_of(LeftOutBy by);

[[nodiscard]] Report validation_report(const Validation& validation, const ValidationView& view);

}  // namespace sextant::sim::report
