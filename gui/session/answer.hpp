// SPDX-License-Identifier: GPL-3.0-or-later
// What was found of one scenario. Made on a worker, never changed, shared with the pages.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/session/workbench.hpp"
#include "sim/report/headline.hpp"
#include "sim/report/report.hpp"
#include "sim/report/step_trace.hpp"

namespace sextant::gui {

namespace report = sim::report;

/// A run that reads, and its prediction.
struct Evaluated {
  sim::Run run;
  sim::Goal goal;
  sim::Prediction prediction;
  std::optional<hardware::RentalBand> price;
  report::Report step;  ///< what `sextant simulate --json` prints
  report::Report headline;
  report::Table waterfall;
  std::vector<int> gpu_counts;  ///< that the layout can stay the same on
};

struct Answer {
  int scenario = 0;
  std::uint64_t number = 0;  ///< of the edit it answers
  Diagnostics faults;        ///< why there is no result
  std::optional<Evaluated> result;
};
using AnswerPtr = std::shared_ptr<const Answer>;

/// The pipeline of one step as rectangles.
struct Picture {
  std::uint64_t number = 0;
  report::Report ranks;
  report::TraceDocument trace;
};
using PicturePtr = std::shared_ptr<const Picture>;
using ReportPtr = std::shared_ptr<const report::Report>;

/// Reads and evaluates the text of a run as the command line does.
[[nodiscard]] AnswerPtr evaluate_text(const Workbench& workbench, const std::string& text, const std::string& file);

[[nodiscard]] PicturePtr picture_of(const Workbench& workbench, const Answer& answer);

/// Formula, inputs, sources and trust of a figure of the headline, or of a term of the step or the memory by its tag.
[[nodiscard]] report::Report explanation(const Workbench& workbench, const Answer& answer, const std::string& tag);

/// Searches layouts of the answer's run; told what was found after each number of GPUs, until `progress` says no.
[[nodiscard]] report::Report layouts_of(const Workbench& workbench, const Answer& answer, int steps,
                                        const std::function<bool(double, const report::Report&)>& progress);

}  // namespace sextant::gui
