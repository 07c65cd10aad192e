// SPDX-License-Identifier: GPL-3.0-or-later
// What was found of one scenario. Made on a worker, never changed, shared with the pages.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/session/workbench.hpp"
#include "sim/report/display_units.hpp"
#include "sim/report/headline.hpp"
#include "sim/report/report.hpp"
#include "sim/report/run_question.hpp"
#include "sim/report/step_trace.hpp"

namespace sextant::gui {

namespace report = sim::report;

/// A run that reads, and its prediction.
struct Evaluated {
  sim::Run run;
  sim::Goal goal;
  sim::Prediction prediction;
  std::optional<hardware::RentalBand> price;
  std::optional<json::Node> node;  ///< the run as it was stated
  report::DisplayUnits units;      ///< of the headline
  report::Report step;             ///< what `sextant simulate --json` prints
  report::Report headline;
  report::Table waterfall;
  std::vector<int> gpu_counts;  ///< that the layout can stay the same on
};

struct Answer {
  int scenario = 0;
  std::uint64_t number = 0;  ///< of the edit it answers
  std::string file;          ///< that faults name
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
[[nodiscard]] AnswerPtr evaluate_text(const Workbench& workbench, const std::string& text, const std::string& file,
                                      report::DisplayUnits units = {});

[[nodiscard]] PicturePtr picture_of(const Workbench& workbench, const Answer& answer);

/// Formula, inputs, sources and trust of a figure of the headline, of a term of the step or the memory, or of a slice
/// of the picture, by its tag.
[[nodiscard]] report::Report explanation(const Workbench& workbench, const Answer& answer, const std::string& tag);

/// What is searched around a run.
struct Search {
  std::uint64_t number = 0;  ///< of the answer to it
  int steps = 1;             ///< halvings and doublings of the number of GPUs
  bool fastest = false;      ///< in place of cheapest
};

/// What a search found so far: sentences, and layouts to choose from.
struct Found {
  std::uint64_t number = 0;
  int percent = 0;
  report::RunPlan plan;      ///< the report is what `sextant plan --json` prints
  report::Report sentences;  ///< the same in the units asked for
  report::Table layouts;     ///< the same
  std::string command;       ///< options of `sextant plan`
  Diagnostics faults;
};
using FoundPtr = std::shared_ptr<const Found>;

/// Who listens to a search, on its thread.
struct SearchListener {
  std::function<void(const FoundPtr&)> told;  ///< after each number of GPUs
  std::function<void(int percent)> progress;  ///< each whole percent once
  std::function<bool()> cancelled;            ///< asked often
};

/// Plans the answer's run as `sextant plan` does.
[[nodiscard]] FoundPtr plan_of(const Workbench& workbench, const Answer& answer, const Search& search,
                               const SearchListener& listener);

}  // namespace sextant::gui
