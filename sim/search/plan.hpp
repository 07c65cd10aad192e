// SPDX-License-Identifier: Apache-2.0
// From a model, a token budget, a deadline and a wallet to the cluster and the layout.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/amounts.hpp"
#include "base/band.hpp"
#include "sim/api.hpp"
#include "sim/search/search.hpp"

namespace sextant::sim::search {

enum class Objective : std::uint8_t { cost, time, pareto };

inline constexpr std::array<std::pair<std::string_view, Objective>, 3> objective_names{
    {{"cost", Objective::cost}, {"time", Objective::time}, {"pareto", Objective::pareto}}};

/// What a GPU-hour costs, and where that comes from.
struct HourlyPrice {
  Band<double> usd_per_gpu_hour;
  std::string basis;
};

struct Question {
  Run base;                           ///< everything that is not searched; its cluster is of any size
  std::string model;                  ///< how a run file names the model, as JSON
  std::vector<std::string> features;  ///< the words the base was stated with
  std::vector<int> sizes;
  double tokens = 0;
  Objective objective = Objective::cost;
  Freedom freedom;
  std::optional<double> deadline_days;
  std::optional<double> budget_usd;
  std::optional<HourlyPrice> price;
};

/// A configuration with what it takes to train all tokens.
struct Proposal {
  Run run;
  Prediction prediction;
  Bytes headroom;
  Band<double> days;
  Band<double> gpu_hours;
  std::optional<Band<double>> cost_usd;
  bool in_time = true;  ///< by the middle of the band
  bool affordable = true;

  [[nodiscard]] bool eligible() const { return in_time && affordable; }
};

/// The fastest layout of one cluster size; nothing where none fits.
struct SizeSummary {
  int gpus = 0;
  std::optional<Proposal> fastest;
  Counts counts;
};

/// How the runner-up stands to the best.
struct RunnerUp {
  double behind = 0;      ///< relative, in what is asked for: 0.013 is 1.3 % dearer (or slower)
  double half_width = 0;  ///< of the band, relative
  int ties = 0;           ///< of the ranking: how many the band cannot tell from the best

  [[nodiscard]] bool tie() const { return behind < half_width; }
};

/// What would have to change for an answer, and the answer then.
struct NearestChange {
  std::string what;
  std::optional<Proposal> then;
};

struct Plan {
  std::vector<Proposal> ranking;  ///< best first, by the objective, within deadline and budget; other layouts each
  std::optional<Proposal> cheapest;
  std::optional<Proposal> fastest;
  std::vector<Proposal> front;  ///< no other is as fast, as cheap and leaves as much memory; fastest first
  std::optional<RunnerUp> runner_up;
  std::vector<SizeSummary> sizes;
  Counts counts;
  std::vector<std::string> obstacles;  ///< why there is no answer
  std::vector<NearestChange> nearest;  ///< where there is none

  [[nodiscard]] bool answered() const { return !ranking.empty(); }
};

struct PlanOptions {
  std::size_t top = 10;
  int threads = 1;
  DisplayUnits units{};                             ///< of the sentences
  std::function<void(double)> progress;             ///< the share done, many times a cluster size
  std::function<void(double, const Plan&)> so_far;  ///< the share done and the plan of the cluster sizes done
  std::function<bool()> cancelled;                  ///< asked often; the plan is then of what was found
};

[[nodiscard]] Plan plan(const Question& question, const Calibration& calibration, const PlanOptions& options = {});

/// One configuration with its prediction, days and money.
[[nodiscard]] Proposal propose(const Question& question, Run run, const Calibration& calibration);

}  // namespace sextant::sim::search
