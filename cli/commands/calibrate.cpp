// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>

#include "cli/commands/declarations.hpp"
#include "cli/input.hpp"
#include "cli/output_file.hpp"
#include "sim/calibration/own_rows.hpp"
#include "sim/report/own_calibration_report.hpp"
#include "sim/report/reports.hpp"
#include "sim/uncertainty/evidence.hpp"
#include "sim/validation/calibrated.hpp"
#include "sim/validation/fit_rows.hpp"
#include "sim/validation/sets.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string write;
  std::string rows;
  bool check = false;
  bool table = false;
  int threads = 2;
};

/// A refit that moves no parameter by more than this (of its logarithm) is the same calibration: the optimiser stops
/// at a relative cost change of 1e-6, which leaves weakly determined parameters this much room.
constexpr double same_within = 5e-3;
/// The same for standard deviations and learned widths, which follow from the whole path of the refits.
constexpr double same_width_within = 0.05;

sim::Calibration refit(Session& session, const Options& o) {
  const auto observations = sim::fitted_observations(session.catalogue(), session.faults());
  if (!session.faults().empty()) return {};
  Progress progress("calibrating", session.options().quiet);
  sim::FitOptions options;
  options.threads = o.threads;
  options.progress = [&](int iteration, double cost) {
    progress.show(static_cast<double>(iteration) / options.iterations, fmt::format("cost {:.2f}", cost));
  };
  sim::Calibration c = sim::calibrated(observations, session.catalogue(), options, session.faults());
  c.id = "shipped";
  c.code = SEXTANT_VERSION;
  c.source = {"Sextant's fit to its fitted observation sets", "sextant calibrate", "2026-11-22", Trust::derived};
  return c;
}

/// What in the shipped calibration is not what the fit gives now.
std::string stale(const sim::Calibration& shipped, const sim::Calibration& now) {
  std::string list;
  if (shipped.rows_digest != now.rows_digest) {
    list += fmt::format("  rows: {} ({}), now {} ({})\n", shipped.rows, shipped.rows_digest, now.rows, now.rows_digest);
  }
  if (shipped.fitted != now.fitted) list += "  other parameters are fitted\n";
  for (const sim::ParameterInfo& info : sim::parameter_table()) {
    const double moved = std::log(now.parameters[info.parameter] / shipped.parameters[info.parameter]);
    if (std::abs(moved) > same_within) list += fmt::format("  {} moved by {:+.1f} %\n", info.tag, 100 * moved);
    const double was = sim::posterior_sigma(shipped, info.parameter).value_or(0);
    const double is = sim::posterior_sigma(now, info.parameter).value_or(0);
    if (std::abs(is - was) > same_width_within * is)
      list += fmt::format("  +- of {} was {:.2f} %, is {:.2f} %\n", info.tag, 100 * was, 100 * is);
  }
  for (const sim::LearnedWidth& w : now.widths) {
    const auto old = std::find_if(shipped.widths.begin(), shipped.widths.end(),
                                  [&](const sim::LearnedWidth& s) { return s.regime == w.regime; });
    const double was = old == shipped.widths.end() ? 0 : old->half_width;
    if (std::abs(w.half_width - was) > same_width_within * w.half_width + 0.002)
      list += fmt::format("  width of regime {} was {:.1f} %, is {:.1f} %\n", w.regime, 100 * was, 100 * w.half_width);
  }
  return list;
}

bool save(const sim::Calibration& calibration, const std::string& path, std::string& reason) {
  if (path.empty()) return true;
  auto file = OutputFile::open(path, reason);
  return file && file->write(sim::write_calibration(calibration), reason);
}

/// The user's measurements on top of the calibration in use.
ExitCode own_rows(Session& session, const Options& o) {
  const sim::Calibration before = session.calibration();
  const auto input = read_input(o.rows, session.faults());
  if (!input) return session.report_faults();
  const auto observations = models::read_observations(input->text, input->file, session.faults());
  const auto rows = sim::fit_rows(observations, session.catalogue(), session.faults());
  if (!session.faults().empty()) return session.report_faults();
  if (rows.empty()) return session.usage_error(input->file + " holds no observation");
  sim::FitOptions options;
  options.threads = o.threads;
  sim::Calibration after = sim::fit_own_rows(rows, before, options);
  after.id = before.id + "+own";
  for (const sim::FitRow& row : rows) sim::add_evidence(after.evidence, row.run);
  std::string reason;
  if (!save(after, o.write, reason)) return session.usage_error(reason);
  const auto predicted = [&](const sim::Calibration& c) {
    return sim::validate(observations, session.catalogue(), c, session.faults());
  };
  return session.print(sim::report::own_calibration_report(predicted(before), predicted(after), before, after,
                                                           sim::own_parameters(rows)));
}

ExitCode calibrate(Session& session, const Options& o) {
  if (!o.rows.empty()) return own_rows(session, o);
  if (o.table) {
    const sim::Calibration& shipped = session.calibration();
    if (!session.faults().empty()) return session.report_faults();
    return session.print(sim::report::calibration_report(shipped));
  }
  const sim::Calibration now = refit(session, o);
  if (!session.faults().empty()) return session.report_faults();
  if (o.check) {
    const std::string list = stale(session.calibration(), now);
    if (!session.faults().empty()) return session.report_faults();
    if (list.empty()) return session.print(fmt::format("the calibration is what its {} rows give\n", now.rows));
    session.remark("the calibration is stale: run sextant calibrate --write FILE\n" + list);
    return ExitCode::bad_data;
  }
  std::string reason;
  if (!save(now, o.write, reason)) return session.usage_error(reason);
  return session.print(sim::report::calibration_report(now));
}

}  // namespace

Runner declare_calibrate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--write", options->write, "calibration file to write")->type_name("FILE");
  auto* rows = app.add_option("--rows", options->rows,
                              "measured steps of your own: refit what belongs to their stack, on top of the "
                              "calibration in use")
                   ->type_name("FILE");
  app.add_flag("--check", options->check, "refit, and fail (exit 2) when the calibration in use is stale")
      ->excludes(rows);
  app.add_flag("--table", options->table, "no fit: the parameters of the calibration in use, with prior and posterior")
      ->excludes(rows);
  app.add_option("--threads", options->threads, "threads")->check(CLI::Range(1, 256));
  return [options](Session& session) { return calibrate(session, *options); };
}

}  // namespace sextant::cli
