// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/declarations.hpp"
#include "cli/kinds/kinds.hpp"

namespace sextant::cli {

Runner declare_list(CLI::App& app) {
  auto word = std::make_shared<std::string>();
  std::string names;
  for (const Kind& k : kinds()) names += (names.empty() ? "" : ", ") + std::string(k.plural);
  app.add_option("KIND", *word, names)->required();
  return [word](Session& session) {
    const Kind* kind = find_kind(*word);
    if (kind == nullptr) return session.usage_error(unknown_kind(*word));
    const sim::report::Report report = kind->list(session);
    // Good entries are shown beside the faults of bad ones.
    if (session.faults().empty()) return session.print(report);
    const ExitCode printed = session.print(report);
    return printed == ExitCode::ok ? session.report_faults() : printed;
  };
}

}  // namespace sextant::cli
