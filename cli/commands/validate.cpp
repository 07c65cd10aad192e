// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <utility>

#include "cli/commands/declarations.hpp"
#include "cli/input.hpp"
#include "sim/report/rl_report.hpp"
#include "sim/report/validation_report.hpp"
#include "sim/validation/fit_rows.hpp"
#include "sim/validation/left_out.hpp"
#include "sim/validation/sets.hpp"

namespace sextant::cli {

namespace {

using models::Observation;

struct Options {
  std::vector<std::string> observations;
  int worst = 5;
  std::vector<std::string> cross;
  int threads = 2;
  bool rl = false;
};

void append(std::vector<Observation>& all, std::vector<Observation> more) {
  std::move(more.begin(), more.end(), std::back_inserter(all));
}

/// The rows of a file, or of a shipped set by its name.
std::vector<Observation> observations_of(Session& session, const std::string& file_or_set) {
  if (!looks_like_file(file_or_set)) {
    const std::vector<sim::ObservationSet> sets = sim::observation_sets(session.catalogue());
    std::vector<std::string_view> names;
    for (const sim::ObservationSet& set : sets) {
      if (folded_id(set.name) == folded_id(file_or_set)) return sim::load(session.catalogue(), set, session.faults());
      names.push_back(set.name);
    }
    std::string hint = did_you_mean(file_or_set, names);
    if (hint.empty()) hint = fmt::format("the shipped sets are {}", fmt::join(names, ", "));
    session.faults().add({file_or_set, 0, "", "neither a file nor a set of observations", std::move(hint)});
    return {};
  }
  const auto input = read_input(file_or_set, session.faults());
  if (!input) return {};
  std::vector<Observation> rows = models::read_observations(input->text, input->file, session.faults());
  if (rows.empty() && session.faults().empty()) session.faults().add({input->file, 0, "", "holds no observation", ""});
  return rows;
}

/// The shipped sets that are never fitted, each with its own summary; the baselines' constants are those of the
/// fitted rows.
std::vector<sim::report::ValidationBeside> never_fitted(Session& session, const sim::Calibration& calibration,
                                                        const sim::Baselines& baselines) {
  std::vector<sim::report::ValidationBeside> beside;
  for (const sim::ObservationSet& set : sim::observation_sets(session.catalogue())) {
    if (set.fitted) continue;
    const std::vector<Observation> rows = sim::load(session.catalogue(), set, session.faults());
    beside.push_back(
        {set.name, set.title,
         sim::validate(rows, session.catalogue(), calibration, session.faults(), &baselines, session.profiles())});
  }
  return beside;
}

std::vector<sim::LeftOutBy> left_out_kinds(const std::vector<std::string>& names) {
  std::vector<sim::LeftOutBy> kinds;
  for (const auto& [name, kind] : sim::left_out_names) {
    const bool all = std::find(names.begin(), names.end(), "all") != names.end();
    if (all || std::find(names.begin(), names.end(), name) != names.end()) kinds.push_back(kind);
  }
  return kinds;
}

/// Refits of the calibration without folds of its rows, and what they predict for them.
std::vector<sim::report::ValidationLeftOut> left_out(Session& session, const Options& o,
                                                     const std::vector<Observation>& observations,
                                                     const sim::Validation& v) {
  std::vector<sim::report::ValidationLeftOut> result;
  const std::vector<sim::FitRow> rows = sim::fit_rows(observations, session.catalogue(), session.faults());
  if (!session.faults().empty()) return result;
  Progress progress("refitting", session.options().quiet);
  for (const sim::LeftOutBy by : left_out_kinds(o.cross)) {
    const std::vector<sim::Fold> folds = sim::folds_by(v.rows, by);
    sim::FitOptions options;
    options.threads = o.threads;
    options.progress = [&](int fold, double) {
      progress.show(static_cast<double>(fold) / static_cast<double>(folds.size()), folds[fold - 1].name);
    };
    result.push_back({by, folds.size(), sim::predict_left_out(v.rows, rows, folds, session.calibration(), options)});
  }
  return result;
}

/// Steps of reinforcement learning, of files or all that are shipped.
ExitCode validate_rl(Session& session, const Options& o) {
  const sim::Calibration& calibration = session.calibration();
  std::vector<sim::RlObservation> rows;
  if (o.observations.empty()) rows = sim::list_rl_observations(session.catalogue(), session.faults());
  for (const std::string& path : o.observations) {
    const auto input = read_input(path, session.faults());
    if (!input) continue;
    auto more = sim::read_rl_observations(input->text, input->file, session.catalogue(), session.faults());
    std::move(more.begin(), more.end(), std::back_inserter(rows));
  }
  if (!session.faults().empty()) return session.report_faults();
  return session.print(sim::report::rl_report(sim::predict_rl(std::move(rows), calibration)));
}

ExitCode validate(Session& session, const Options& o) {
  if (o.rl) return validate_rl(session, o);
  if (!o.cross.empty() && !o.observations.empty()) {
    return session.usage_error(
        "--cross refits the calibration, so it goes with the rows that the calibration is of; "
        "leave the files out");
  }
  const auto start = std::chrono::steady_clock::now();
  const sim::Calibration& calibration = session.calibration();
  std::vector<Observation> rows;
  if (o.observations.empty()) rows = sim::fitted_observations(session.catalogue(), session.faults());
  for (const std::string& file : o.observations) append(rows, observations_of(session, file));
  const sim::Validation v =
      sim::validate(rows, session.catalogue(), calibration, session.faults(), nullptr, session.profiles());
  sim::report::ValidationView view;
  if (o.observations.empty()) view.beside = never_fitted(session, calibration, v.baselines);
  if (!o.cross.empty()) view.left_out = left_out(session, o, rows, v);
  if (!session.faults().empty()) return session.report_faults();
  view.title = fmt::format("{} measured steps, predicted", v.summary.n);
  view.subtitle = fmt::format("calibration \"{}\" of {} rows{}", calibration.id, calibration.rows,
                              o.observations.empty() ? ", which are these" : "");
  view.worst = o.worst;
  view.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return session.print(sim::report::validation_report(v, view));
}

}  // namespace

Runner declare_validate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("OBSERVATIONS", options->observations,
                 "files of measured steps, or names of shipped sets; without any, the shipped ones");
  app.add_flag("--rl", options->rl, "steps of reinforcement learning in place of pre-training steps");
  app.add_option("--worst", options->worst, "explain the N rows that are furthest off")
      ->type_name("N")
      ->check(CLI::Range(0, 100000));
  std::vector<std::string> kinds{"all"};
  for (const auto& [name, kind] : sim::left_out_names) kinds.emplace_back(name);
  app.add_option("--cross", options->cross,
                 "also refit without each publisher-family, publisher, model or cell of a sweep, and predict what was "
                 "left out; several with commas, or all")
      ->type_name("KIND")
      ->delimiter(',')
      ->check(CLI::IsMember(kinds));
  app.add_option("--threads", options->threads, "threads of the refits")->check(CLI::Range(1, 256));
  return [options](Session& session) { return validate(session, *options); };
}

}  // namespace sextant::cli
