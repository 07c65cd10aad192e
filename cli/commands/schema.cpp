// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/declarations.hpp"
#include "cli/kinds/kinds.hpp"

namespace sextant::cli {

Runner declare_schema(CLI::App& app) {
  auto word = std::make_shared<std::string>();
  std::string names;
  for (const Kind& k : kinds()) {
    if (k.schema != nullptr) names += (names.empty() ? "" : ", ") + std::string(k.singular);
  }
  app.add_option("KIND", *word, names)->required();
  return [word](Session& session) {
    const Kind* kind = find_kind(*word);
    if (kind == nullptr) return session.usage_error(unknown_kind(*word));
    if (kind->schema == nullptr) return session.usage_error("files of that kind have no schema");
    return session.print(kind->schema());
  };
}

}  // namespace sextant::cli
