// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands/declarations.hpp"
#include "cli/run_input.hpp"
#include "hardware/catalogue.hpp"
#include "sim/api.hpp"
#include "sim/report/compare.hpp"

namespace sextant::cli {

namespace {

using sim::report::Compared;

struct Options {
  std::string run;
  std::vector<std::string> gpus;
  RunFlags flags;
};

/// The run on another GPU in the nodes that GPU is usually sold in.
std::optional<Compared> on_other_gpu(Session& session, const RunInput& input, const RunFlags& flags,
                                     const std::string& gpu, const hardware::Prices& prices) {
  RunFlags changed = flags;
  changed.gpu = gpu;
  if (!changed.gpus) changed.gpus = input.run.cluster.gpus;
  json::Node node = input.node;
  std::vector<std::string> notes;
  lay_over(node, changed, session.catalogue(), notes, session.faults());
  auto run = run_from(session, node, input.file, changed);
  if (!run) return std::nullopt;
  session.add_measured(*run);
  return sim::report::compared(std::move(*run), session.calibration(), prices);
}

ExitCode compare(Session& session, const Options& o) {
  auto input = load_run(session, o.run, o.flags);
  if (!input) return session.report_faults();
  session.add_measured(input->run);
  const hardware::Prices prices = hardware::load_prices(session.catalogue(), session.faults());
  (void)session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  std::vector<Compared> rows{sim::report::compared(input->run, session.calibration(), prices)};
  for (const std::string& gpu : o.gpus) {
    auto row = on_other_gpu(session, *input, o.flags, gpu, prices);
    if (!row) return session.report_faults();
    const bool seen = std::any_of(rows.begin(), rows.end(), [&](const Compared& c) { return c.gpu == row->gpu; });
    if (!seen) rows.push_back(std::move(*row));
  }
  const bool any = std::any_of(rows.begin(), rows.end(), [](const Compared& c) { return c.prediction->feasible(); });
  return session.print(sim::report::compare_report(input->run, rows), any ? ExitCode::ok : ExitCode::infeasible);
}

}  // namespace

Runner declare_compare(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("RUN", options->run, "run file, catalogue id or - for stdin")->required();
  add_run_flags(app, options->flags);
  app.remove_option(app.get_option("--gpu"));
  app.add_option("--gpu", options->gpus, "GPUs to compare with, e.g. h100,h200,b200")
      ->type_name("A,B,C")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->required();
  return [options](Session& session) { return compare(session, *options); };
}

}  // namespace sextant::cli
