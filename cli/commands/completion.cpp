// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands/declarations.hpp"

namespace sextant::cli {

Runner declare_completion(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return [shell](Session& session) {
    const std::vector<CompletedCommand> commands = completed_commands();
    if (*shell == "bash") return session.print(bash_completion(commands));
    return session.print(*shell == "zsh" ? zsh_completion(commands) : fish_completion(commands));
  };
}

}  // namespace sextant::cli
