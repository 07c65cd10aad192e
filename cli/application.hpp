// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "cli/command.hpp"

namespace sextant::cli {

/// The whole command line as CLI11 knows it, with what each command runs.
struct Tree {
  std::unique_ptr<CLI::App> app;
  std::unique_ptr<CommonOptions> options;
  std::vector<Runner> runners;  ///< in the order of commands()

  Tree();
  Tree(Tree&&) noexcept;
  Tree& operator=(Tree&&) = delete;
  ~Tree();
};

/// Declares all commands, or only one of them: declaring costs more than most commands take.
[[nodiscard]] Tree declare_all();
[[nodiscard]] Tree declare_one(const Command& command);

/// Reads the command line, runs the command, returns the exit code.
[[nodiscard]] int run(int argc, const char* const* argv);

}  // namespace sextant::cli
