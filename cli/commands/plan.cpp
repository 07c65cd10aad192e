// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "cli/commands/declarations.hpp"
#include "cli/plan_input.hpp"
#include "sim/report/charts.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string run;
  PlanFlags flags;
};

sim::search::Plan timed_plan(Session& session, const sim::search::Question& question, const PlanFlags& flags,
                             double& seconds) {
  using clock = std::chrono::steady_clock;
  sim::search::PlanOptions options;
  options.top = static_cast<std::size_t>(flags.top);
  options.threads =
      flags.threads > 0 ? flags.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  Progress progress("searching", session.options().quiet || question.sizes.size() < 2);
  options.progress = [&](double share) {
    progress.show(share, fmt::format("of {} cluster sizes", question.sizes.size()));
  };
  const clock::time_point begin = clock::now();
  sim::search::Plan plan = sim::search::plan(question, session.calibration(), options);
  seconds = std::chrono::duration<double>(clock::now() - begin).count();
  return plan;
}

ExitCode plan(Session& session, const Options& o) {
  const std::vector<std::string> missing = missing_flags(o.flags, !o.run.empty());
  if (!missing.empty()) {
    return session.usage_error(fmt::format("needs these flags too: {}", fmt::join(missing, ", ")),
                               "or a RUN to start from (sextant list runs) and --tokens");
  }
  const auto input = load_question(session, o.run, o.flags);
  if (!input) return session.report_faults();
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  sim::report::PlanContext context;
  const sim::search::Plan found = timed_plan(session, input->question, o.flags, context.seconds);
  if (input->own) context.own = sim::search::propose(input->question, *input->own, calibration);
  const ExitCode code = found.answered() ? ExitCode::ok : ExitCode::infeasible;
  if (session.format() == "html") {
    return session.print(sim::report::plan_page(input->question, found, context, calibration), code);
  }
  return session.print(sim::report::plan_report(input->question, found, context), code);
}

}  // namespace

Runner declare_plan(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("RUN", options->run,
                 "run file or catalogue id whose model, batch and cluster to start from; its layout is left open");
  add_plan_flags(app, options->flags);
  return [options](Session& session) { return plan(session, *options); };
}

}  // namespace sextant::cli
