// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/declarations.hpp"
#include "cli/run_input.hpp"
#include "sim/api.hpp"
#include "sim/report/reports.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string run;
  RunFlags flags;
};

ExitCode simulate(Session& session, const Options& o) {
  if (o.run.empty() && !missing_flags(o.flags).empty()) return say_missing(session, o.flags);
  auto input = load_run(session, o.run, o.flags);
  if (!input) return session.report_faults();
  session.add_measured(input->run);
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  const sim::Prediction prediction = sim::predict(input->run, calibration);
  return session.print(sim::report::step_report(input->run, prediction, calibration),
                       prediction.feasible() ? ExitCode::ok : ExitCode::infeasible);
}

}  // namespace

Runner declare_simulate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("RUN", options->run,
                 "run file, catalogue id (sextant list runs) or - for stdin; without it, flags alone describe the run");
  add_run_flags(app, options->flags);
  return [options](Session& session) { return simulate(session, *options); };
}

}  // namespace sextant::cli
