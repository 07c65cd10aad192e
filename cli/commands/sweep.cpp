// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <thread>

#include "cli/commands/declarations.hpp"
#include "cli/sweep_input.hpp"
#include "cli/sweep_work.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string sweep;
  int threads = 0;
  bool restart = false;
};

/// What is wrong with the command line, if anything is.
std::string misuse(const Session& session, const Options& o, const Ranks& ranks) {
  const std::string& form = session.options().format;
  if (!form.empty() && form != "json") return fmt::format("a sweep is written as JSON Lines, not as {}", form);
  if (o.restart && session.options().output == "-") return "--restart goes with -o FILE";
  if (ranks.size() > 1 && o.sweep == "-") return "only one of several processes has a standard input; name a file";
  return {};
}

/// Under mpirun there is a rank a core.
int threads_of(const Options& o, const Ranks& ranks) {
  if (o.threads > 0) return o.threads;
  return ranks.size() > 1 ? 1 : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::string summary(const OutcomeCounts& counts, const OutcomeCounts& found) {
  return fmt::format("{} points: {} feasible, {} infeasible, {} with faults{}", counts.all(), counts.feasible,
                     counts.infeasible, counts.faults,
                     found.all() > 0 ? fmt::format("; {} were there already", found.all()) : "");
}

/// What all ranks read; nothing where there are faults.
std::optional<sim::sweep::Setting> prepare(Session& session, const Options& o) {
  auto setting = load_sweep(session, o.sweep);
  const sim::Calibration& calibration = session.calibration();
  (void)session.profiles();
  if (!setting || !session.faults().empty()) return std::nullopt;
  std::vector<std::string> others{SEXTANT_VERSION};
  others.insert(others.end(), session.options().profiles.begin(), session.options().profiles.end());
  setting->id = sim::sweep::setting_id(*setting, calibration, others);
  return setting;
}

/// Rank 0: everything that is said and written.
ExitCode lead(Session& session, const Options& o, Ranks& ranks, const sim::sweep::Setting* setting,
              const sim::sweep::Evaluation& how) {
  std::optional<SweepOutput> output;
  std::string reason;
  if (setting != nullptr) {
    output = SweepOutput::open(session.options().output, setting->id, setting->sweep.points(), o.restart,
                               session.faults(), reason);
  }
  std::string stranger;
  const bool together = greet_ranks(ranks, setting != nullptr ? setting->id : "", output.has_value(), stranger);
  if (!session.faults().empty()) return session.report_faults();
  if (!output) return session.usage_error(fmt::format("cannot write {}: {}", session.options().output, reason));
  if (!together) return session.usage_error(stranger);
  if (output->repaired())
    session.remark(fmt::format("{}: a last line that was cut off is removed", session.options().output));
  OutcomeCounts counts;
  const OutcomeCounts found = output->found();
  {
    Progress progress("sweeping", session.options().quiet);
    if (!lead_sweep(*setting, how, ranks, *output, progress, counts, reason)) {
      return session.usage_error(fmt::format("cannot write {}: {}", session.options().output, reason));
    }
  }
  session.remark(summary(counts, found));
  return counts.feasible > 0 ? ExitCode::ok : ExitCode::infeasible;
}

ExitCode sweep(Session& session, const Options& o) {
  std::string reason;
  const std::unique_ptr<Ranks> ranks = find_ranks(reason);
  if (!ranks) return session.usage_error(reason);
  const bool leads = ranks->rank() == 0;
  reason = misuse(session, o, *ranks);
  if (!reason.empty()) return leads ? session.usage_error(reason) : ExitCode::ok;
  const std::optional<sim::sweep::Setting> setting = prepare(session, o);
  sim::sweep::Evaluation how{session.catalogue(), session.calibration(), threads_of(o, *ranks), {}};
  if (!session.profiles().empty()) how.measured = [&session](sim::Run& run) { session.add_measured(run); };
  if (leads) return lead(session, o, *ranks, setting ? &*setting : nullptr, how);
  // What a rank could not read it leaves to rank 0 to say: an exit code of its own would end the others in mid-word.
  ranks->send(0, setting ? setting->id : session.faults().text());
  if (!setting) {
    (void)ranks->receive();
    return ExitCode::ok;
  }
  follow_sweep(*setting, how, *ranks);
  return ExitCode::ok;
}

}  // namespace

Runner declare_sweep(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("SWEEP", options->sweep,
                 "sweep file (sextant schema sweep), catalogue id (sextant list sweeps) or - for stdin")
      ->required();
  app.add_option("--threads", options->threads, "threads; else as many as the machine has, one a rank under mpirun")
      ->type_name("N")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--restart", options->restart, "begin anew where the output file has points already");
  return [options](Session& session) { return sweep(session, *options); };
}

}  // namespace sextant::cli
