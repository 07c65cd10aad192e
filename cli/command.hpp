// SPDX-License-Identifier: Apache-2.0
// A command is a file in cli/commands and a row of the table in commands.cpp.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "cli/session.hpp"

namespace CLI {
class App;
}

namespace sextant::cli {

/// Does the work, once the command line has been read.
using Runner = std::function<ExitCode(Session&)>;

struct Command {
  std::string_view name;
  std::string_view help;      ///< one line
  std::string_view examples;  ///< command lines that work as they stand, one a line
  /// Declares the command's own options on `app` and returns what runs it; the options' values live in the runner.
  Runner (*declare)(CLI::App& app);
  bool opens_output = false;  ///< the command opens -o itself, because it appends or several processes share it
};

[[nodiscard]] std::span<const Command> commands();

}  // namespace sextant::cli
