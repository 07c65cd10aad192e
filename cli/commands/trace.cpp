// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/declarations.hpp"
#include "cli/gzip.hpp"
#include "cli/run_input.hpp"
#include "sim/api.hpp"
#include "sim/report/step_trace.hpp"
#include "sim/step/timeline.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string run;
  int microbatches = 0;
  RunFlags flags;
};

ExitCode trace(Session& session, const Options& o) {
  auto input = load_run(session, o.run, o.flags);
  if (!input) return session.report_faults();
  session.add_measured(input->run);
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  const sim::StepTimeline timeline = sim::step_timeline(input->run, calibration.parameters, o.microbatches);
  if (timeline.timeline.items.empty()) {
    return session.usage_error("the schedule cannot run that many micro-batches",
                               "more micro-batches, or --schedule 1f1b");
  }
  const sim::StepEstimate estimate = sim::evaluate(input->run, calibration.parameters);
  const std::string text = to_chrome_trace(sim::report::step_trace(input->run, timeline, estimate));
  const bool compressed = session.options().output.ends_with(".gz");
  const ExitCode code = session.print(compressed ? gzipped(text) : text);
  if (code == ExitCode::ok && session.options().output != "-") {
    session.remark(fmt::format("{}: open it at https://ui.perfetto.dev", session.options().output));
  }
  return code;
}

}  // namespace

Runner declare_trace(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("RUN", options->run, "run file, catalogue id or - for stdin")->required();
  app.add_option("--microbatches", options->microbatches, "micro-batches to show; 0: all of the step")
      ->type_name("N")
      ->check(CLI::Range(0, 65535));
  add_run_flags(app, options->flags);
  return [options](Session& session) { return trace(session, *options); };
}

}  // namespace sextant::cli
