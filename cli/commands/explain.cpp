// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/diagnostic.hpp"
#include "cli/commands/declarations.hpp"
#include "cli/run_input.hpp"
#include "sim/api.hpp"
#include "sim/report/explain.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string run;
  std::string tag;
  RunFlags flags;
};

std::string nearest_tag(const std::string& word) {
  const std::vector<std::string> tags = sim::report::explain_tags();
  std::vector<std::string_view> candidates(tags.begin(), tags.end());
  std::vector<std::string_view> last;  // people leave the front of a tag out
  for (const std::string_view t : candidates) last.push_back(t.substr(t.rfind('/') + 1));
  const std::string hint = did_you_mean(word, candidates);
  return hint.empty() ? did_you_mean(word, last) : hint;
}

ExitCode explain(Session& session, const Options& o) {
  std::string tag;
  if (!o.tag.empty()) {
    tag = sim::report::find_tag(o.tag);
    const std::string hint = nearest_tag(o.tag);
    if (tag.empty()) {
      return session.usage_error(fmt::format("nothing is called \"{}\"", o.tag),
                                 hint.empty() ? "sextant explain RUN lists the tags" : hint);
    }
  }
  auto input = load_run(session, o.run, o.flags);
  if (!input) return session.report_faults();
  session.add_measured(input->run);
  const sim::Calibration& calibration = session.calibration();
  if (!session.faults().empty()) return session.report_faults();
  const sim::Prediction prediction = sim::predict(input->run, calibration);
  const sim::report::Explained e{input->run, prediction, calibration};
  return session.print(tag.empty() ? sim::report::explain_overview(e) : sim::report::explain_report(e, tag));
}

}  // namespace

Runner declare_explain(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("RUN", options->run, "run file, catalogue id or - for stdin")->required();
  app.add_option("TAG", options->tag,
                 "a line of the step or of the memory, \"parameters\" or \"tornado\"; without it all are listed");
  add_run_flags(app, options->flags);
  return [options](Session& session) { return explain(session, *options); };
}

}  // namespace sextant::cli
