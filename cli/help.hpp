// SPDX-License-Identifier: Apache-2.0
// Help texts, and what is said about a wrong command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace sextant::cli {

inline constexpr std::string_view common_group = "Options of every command";

/// `sextant --help`.
[[nodiscard]] std::string overview();

/// `sextant COMMAND --help`: usage, options by group, examples.
[[nodiscard]] std::string help_text(const CLI::App& app, const Command& command);

/// "--name" and "-n" of every option.
[[nodiscard]] std::vector<std::string> option_names(const CLI::App& app);

/// `unknown command "simulat"; did you mean "simulate"?`
[[nodiscard]] std::string unknown_command(std::string_view word);
[[nodiscard]] std::string unknown_option(const CLI::App& app, std::string_view word);

}  // namespace sextant::cli
