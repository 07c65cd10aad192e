// SPDX-License-Identifier: Apache-2.0
// How often nodes fail and how long what follows takes, as published.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/band.hpp"
#include "base/json/cursor.hpp"
#include "base/source.hpp"

namespace sextant::hardware {

/// Failures that one publisher counted.
struct FailureRow {
  std::string of;  ///< cluster or run
  std::string gpu;
  double gpus = 0;
  double failures_per_1000_node_days = 0;
  std::string note;
  Source source;
};

/// Mean time between failures of jobs by size, as one publisher counted or projected it.
struct JobMttfRow {
  std::string of;
  double gpus = 0;
  double mttf_hours = 0;
  bool projected = false;
  Source source;
};

/// Figures of a cluster that says nothing of its own.
struct ReliabilityDefaults {
  Band<double> failures_per_1000_node_days;
  Band<double> restart_minutes;
  double checkpoint_gb_per_s_per_node = 0;
  double spare_share = 0;  ///< of the nodes
  double repair_hours = 0;
  double straggler_share = 0;
  double planned_interruptions_per_day = 0;
  Source source;
  std::vector<FailureRow> failures;
  std::vector<JobMttfRow> jobs;
};

[[nodiscard]] std::optional<ReliabilityDefaults> read_reliability(const json::Cursor& at);

}  // namespace sextant::hardware
