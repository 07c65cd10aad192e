// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/declarations.hpp"
#include "cli/run_input.hpp"
#include "sim/api.hpp"
#include "sim/report/proposal_rows.hpp"
#include "sim/report/reports.hpp"
#include "sim/search/fewest_gpus.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string run;
  RunFlags flags;
};

/// Where no change on these GPUs makes the run fit, how many GPUs do, and how.
void name_fewest_gpus(const sim::Run& run, sim::Prediction& prediction, const sim::Calibration& calibration) {
  if (prediction.obstacles.size() != 1) return;
  sim::Infeasible& obstacle = prediction.obstacles.front();
  if (obstacle.kind != sim::Infeasible::Kind::memory || sim::find_remedy(run)) return;
  sim::search::Freedom freedom;
  freedom.reserve = run.cluster.gpu.memory * sim::search::usual_reserve;
  const sim::search::Space space = sim::search::usual_space(run, freedom);
  const auto fewest = sim::search::fewest_gpus(run, space, run.cluster.gpus, calibration.parameters);
  if (!fewest) return;
  const sim::Run there = sim::search::run_of(run, fewest->fastest.candidate);
  obstacle.hint +=
      fmt::format("; {} GPUs do, the fewest {}: {}; {:.1f} s a step", fewest->gpus,
                  fewest->exact ? "there are" : "found", sim::report::choice_text(there), fewest->fastest.step.value());
}

ExitCode simulate(Session& session, const Options& o) {
  if (o.run.empty() && !missing_flags(o.flags).empty()) return say_missing(session, o.flags);
  auto input = load_run(session, o.run, o.flags);
  if (!input) return session.report_faults();
  session.add_measured(input->run);
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  sim::Prediction prediction = sim::predict(input->run, calibration);
  name_fewest_gpus(input->run, prediction, calibration);
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
