// SPDX-License-Identifier: Apache-2.0
// A run that is stated, asked as a question: which clusters and layouts do the same work best?
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "base/json/node.hpp"
#include "hardware/prices.hpp"
#include "sim/report/display_units.hpp"
#include "sim/report/report.hpp"
#include "sim/run/goal.hpp"
#include "sim/run/stated_run.hpp"
#include "sim/search/plan.hpp"

namespace sextant::sim::report {

/// The run file without what a plan searches; a recompute that the user has decided stays.
[[nodiscard]] json::Node without_layout(json::Node run, bool keeps_recompute);

/// States what is searched, so that nothing is assumed of it.
void leave_layout_open(StatedRun& stated);

/// A GPU-hour's price: as given, else the band of rental prices, else nothing.
[[nodiscard]] std::optional<search::HourlyPrice> hourly_price(std::optional<double> given,
                                                              const std::optional<hardware::RentalBand>& rental);

/// The question `sextant plan FILE --gpus SIZES --tokens ...` asks of a run that states its stack: model, batch,
/// precision and software stay, the layout is left open, the goal's deadline, budget and price hold. A goal without
/// tokens asks for a trillion. Nothing, with faults, where the run cannot be read.
[[nodiscard]] std::optional<search::Question> question_of(const json::Node& run, const std::string& file,
                                                          std::vector<int> sizes, const Goal& goal,
                                                          const std::optional<hardware::RentalBand>& price,
                                                          const Catalogue& catalogue, Diagnostics& faults);

/// Whether time is asked for in place of money.
void ask_for_fastest(search::Question& question, bool fastest);

/// Sizes around a cluster's own: halves and doubles, `steps` of each, each on whole nodes.
[[nodiscard]] std::vector<int> sizes_around(const hardware::Cluster& cluster, int steps);

/// The options of `sextant plan` that ask the same: "--gpus 1024,2048 --tokens 14.8e12 ...".
[[nodiscard]] std::string plan_options(const search::Question& question, std::size_t top);

/// What `sextant plan --json` prints for the question, and the layouts it proposes as a table to choose from.
struct RunPlan {
  Report report;
  Table layouts;
};

struct RunPlanOptions {
  std::size_t top = 10;
  int threads = 1;
  DisplayUnits units{};                                             ///< of sentences
  std::function<void(double share)> progress;                       ///< many times a cluster size
  std::function<void(double share, const RunPlan& so_far)> so_far;  ///< after each cluster size
  std::function<bool()> cancelled;                                  ///< asked often
};

/// `own`: the run's own layout, told beside the plan where its cluster is the only one asked about.
[[nodiscard]] RunPlan plan_of(const search::Question& question, const Run& own, const Calibration& calibration,
                              const RunPlanOptions& options);

}  // namespace sextant::sim::report
