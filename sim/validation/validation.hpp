// SPDX-License-Identifier: Apache-2.0
// Predictions beside published measurements, and how far they are off.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/band.hpp"
#include "base/catalogue.hpp"
#include "models/observation.hpp"
#include "sim/kernel/measured.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/run/run.hpp"
#include "sim/step/step.hpp"
#include "sim/validation/baseline.hpp"
#include "sim/validation/error_summary.hpp"

namespace sextant::sim {

/// One measured step and its prediction.
struct ValidationRow {
  std::string id;
  std::string file;
  int line = 0;
  std::string publisher;
  std::string suspect;
  Source source;
  Run run;
  Seconds measured;
  StepEstimate estimate;
  Band<Seconds> band;                    ///< 80 %
  std::vector<std::string> uncertainty;  ///< what the band's width is made of
  RowError errors;
  std::optional<double> predicted_memory_gb;
  std::optional<double> measured_memory_gb;
  bool infeasible = false;  ///< Sextant would not have run it; the time ignores that
  std::vector<std::string> reasons;
};

/// Rows that share a property: "kind" is "moe".
struct ValidationGroup {
  std::string property;
  std::string value;
  ErrorSummary summary;
};

struct Validation {
  std::vector<ValidationRow> rows;
  Baselines baselines;
  ErrorSummary summary;
  std::vector<ValidationGroup> groups;  ///< one property after the other
  std::vector<std::string> notes;
};

/// Reads, completes and predicts every observation, feasible or not. A row that is no run is a fault.
/// The baselines' constants are fitted to the same rows unless others are given. Times of the `given` profiles replace
/// closed forms in rows of their GPUs.
[[nodiscard]] Validation validate(std::span<const models::Observation> observations, const Catalogue& catalogue,
                                  const Calibration& calibration, Diagnostics& faults,
                                  const Baselines* baselines = nullptr, const KernelProfiles& given = {});

/// Summaries by set, kind, GPU, stack, precision, scale, recompute and publisher. One error a row.
[[nodiscard]] std::vector<ValidationGroup> grouped(std::span<const ValidationRow> rows,
                                                   std::span<const RowError> errors);

/// "1-8", "9-64", "65-256", "257-1024" or ">1024".
[[nodiscard]] std::string_view scale_of(int gpus);

}  // namespace sextant::sim
