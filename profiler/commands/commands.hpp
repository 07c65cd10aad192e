// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "profiler/core/arguments.hpp"

namespace sextant::profile {

// Exit codes, the same as `sextant`'s.
inline constexpr int exit_ok = 0;
inline constexpr int exit_usage = 1;
inline constexpr int exit_data = 2;
inline constexpr int exit_no_device = 3;
inline constexpr int exit_mismatch = 5;

struct Command {
  std::string_view name;
  std::string_view summary;
  std::string_view usage;
  std::span<const OptionRow> options;
  std::string_view examples;
  int (*run)(const Arguments&);
};

int list_command(const Arguments&);
int run_command(const Arguments&);
int check_command(const Arguments&);
int record_command(const Arguments&);
int import_command(const Arguments&);
int merge_command(const Arguments&);
int show_command(const Arguments&);

[[nodiscard]] std::span<const Command> commands();

}  // namespace sextant::profile
