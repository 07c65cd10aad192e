// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

#include "cli/commands/declarations.hpp"
#include "cli/input.hpp"
#include "cli/output_file.hpp"
#include "sim/report/rl_report.hpp"
#include "sim/report/validation_plots.hpp"
#include "sim/validation/fit_rows.hpp"
#include "sim/validation/learn_widths.hpp"
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
  std::string plots;
};

template <class T>
void append(std::vector<T>& all, std::vector<T> more) {
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

/// Coverage of bands whose widths have not seen the family either; of other folds there are too many to learn for.
void add_unseen_widths(std::vector<sim::report::ValidationLeftOut>& list, const sim::Validation& v,
                       const std::vector<sim::FitRow>& rows) {
  std::vector<sim::BandSample> samples;
  const auto family =
      std::find_if(list.begin(), list.end(), [](const auto& l) { return l.by == sim::LeftOutBy::publisher_family; });
  if (family == list.end()) return;
  append(samples, sim::band_samples(family->rows, rows));
  for (const auto& l : list) {
    if (l.by == sim::LeftOutBy::model) append(samples, sim::band_samples(l.rows, rows));
  }
  const std::vector<bool> held =
      sim::held_without_fold(samples, sim::folds_by(v.rows, sim::LeftOutBy::publisher_family), v.rows.size());
  family->coverage_of_unseen_widths =
      static_cast<double>(std::count(held.begin(), held.end(), true)) / static_cast<double>(held.size());
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
    result.push_back(
        {by, folds.size(), sim::predict_left_out(v.rows, rows, folds, session.calibration(), options), std::nullopt});
  }
  add_unseen_widths(result, v, rows);
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

/// Writes one picture; says where.
bool draw(Session& session, const Options& o, const std::string& name, const std::string& svg) {
  const std::string path = o.plots + "/" + name + ".svg";
  std::string reason;
  auto file = OutputFile::open(path, reason);
  if (!file || !file->write(svg, reason)) {
    session.faults().add({path, 0, "", reason, ""});
    return false;
  }
  if (!session.options().quiet) session.remark("wrote " + path);
  return true;
}

/// Pictures of the rows, and of those that a refit predicts without having seen them.
void draw_plots(Session& session, const Options& o, const sim::Validation& v, const sim::report::ValidationView& view) {
  namespace report = sim::report;
  std::error_code error;
  std::filesystem::create_directories(o.plots, error);
  std::vector<report::PlotPoint> points = report::plot_points(v.rows);
  for (const report::ValidationBeside& b : view.beside) append(points, report::plot_points(b.validation.rows));
  const std::string of = fmt::format("{} measured steps", points.size());
  if (!draw(session, o, "predicted-against-measured",
            report::scatter_svg(points, of + ": predicted against measured"))) {
    return;
  }
  draw(session, o, "error-by-scale", report::error_by_scale_svg(points, of + ": error by scale"));
  for (const report::ValidationLeftOut& l : view.left_out) {
    const std::string by(report::name_of(l.by));
    const std::vector<report::PlotPoint> unseen = report::plot_points(v.rows, l.rows);
    const std::string title = fmt::format("{} measured steps, each predicted without its {}", unseen.size(), by);
    draw(session, o, "error-by-scale-without-" + by, report::error_by_scale_svg(unseen, title));
  }
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
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (!o.plots.empty()) draw_plots(session, o, v, view);
  if (!session.faults().empty()) return session.report_faults();
  view.title = fmt::format("{} measured steps, predicted", v.summary.n);
  view.subtitle = fmt::format("calibration \"{}\" of {} rows{}", calibration.id, calibration.rows,
                              o.observations.empty() ? ", which are these" : "");
  view.worst = o.worst;
  view.seconds = seconds;
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
  app.add_option("--plots", options->plots,
                 "folder for pictures (SVG): predicted against measured, and error by scale; with --cross also of each "
                 "kind of left-out rows")
      ->type_name("DIR");
  app.add_option("--threads", options->threads, "threads of the refits")->check(CLI::Range(1, 256));
  return [options](Session& session) { return validate(session, *options); };
}

}  // namespace sextant::cli
