// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/catalogue.hpp"
#include "sim/api.hpp"
#include "sim/report/report.hpp"

namespace sextant::test {

/// A report with one item of each kind, wide texts, a missing cell, markup characters and a number that is none.
[[nodiscard]] sim::report::Report sample_report();

/// A run of the catalogue, complete.
[[nodiscard]] sim::Run catalogue_run(const std::string& id);

/// All of them.
[[nodiscard]] std::vector<std::string> catalogue_run_ids();

[[nodiscard]] const Catalogue& catalogue();
[[nodiscard]] const sim::Calibration& calibration();

}  // namespace sextant::test
