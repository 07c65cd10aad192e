// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/declarations.hpp"
#include "cli/kinds/kinds.hpp"

namespace sextant::cli {

namespace {

struct Options {
  std::string kind;
  std::string id;
  ShowOptions show;
};

ExitCode show(Session& session, const Options& o) {
  const Kind* kind = find_kind(o.kind);
  if (kind == nullptr) return session.usage_error(unknown_kind(o.kind));
  if (kind->show == nullptr)
    return session.usage_error("there is no single one of " + std::string(kind->plural),
                               "sextant list " + std::string(kind->plural) + " shows all");
  const auto shown = kind->show(session, o.id, o.show);
  if (!shown || !session.faults().empty()) return session.report_faults();
  if (session.format() == "json" && !shown->json.empty()) return session.print(shown->json);
  return session.print(shown->report);
}

}  // namespace

Runner declare_show(CLI::App& app) {
  auto options = std::make_shared<Options>();
  std::string names;
  for (const Kind& k : kinds()) {
    if (k.show != nullptr) names += (names.empty() ? "" : ", ") + std::string(k.singular);
  }
  app.add_option("KIND", options->kind, names)->required();
  app.add_option("ID", options->id, "catalogue id, file, or - for stdin")->required();
  app.add_option("--seq-len", options->show.seq_len, "tokens of a sequence, for the FLOP counts of a model")
      ->type_name("N")
      ->check(CLI::Range(1, 1 << 26));
  return [options](Session& session) { return show(session, *options); };
}

}  // namespace sextant::cli
