// SPDX-License-Identifier: Apache-2.0
// Completion scripts for shells, from the same declarations that read the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sextant::cli {

/// What may stand in a place of the command line.
struct Candidates {
  enum class Kind { none, files, words, ids };
  Kind kind = Kind::none;
  std::vector<std::string> words;  ///< words: themselves; ids: the kinds of `sextant list`
};

struct CompletedOption {
  std::vector<std::string> names;  ///< "--output", "-o"
  std::string help;
  bool takes_value = false;
  Candidates value;
};

struct CompletedCommand {
  std::string name;
  std::string help;
  std::vector<CompletedOption> options;
  std::vector<Candidates> positionals;
};

/// Every command with its options, as declared.
[[nodiscard]] std::vector<CompletedCommand> completed_commands();

[[nodiscard]] std::string bash_completion(const std::vector<CompletedCommand>& commands);
[[nodiscard]] std::string zsh_completion(const std::vector<CompletedCommand>& commands);
[[nodiscard]] std::string fish_completion(const std::vector<CompletedCommand>& commands);

}  // namespace sextant::cli
