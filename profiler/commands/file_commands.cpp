// SPDX-License-Identifier: Apache-2.0
#include <cstdio>

#include "profiler/commands/commands.hpp"
#include "profiler/commands/files.hpp"
#include "profiler/core/roofline.hpp"

namespace sextant::profile {

int merge_command(const Arguments& arguments) {
  if (arguments.rest().size() < 2) return complain("merge needs two files or more", exit_usage);
  std::optional<ProfileData> all;
  for (const std::string& path : arguments.rest()) {
    std::optional<ProfileData> one = load_profile(path);
    if (!one) return exit_data;
    if (!all) {
      all = std::move(one);
    } else if (!one->gpu.empty() && all->gpu != one->gpu) {
      return complain(path + " is of " + one->gpu + ", the first file of " + all->gpu, exit_data);
    } else {
      merge(*all, *one);
    }
  }
  return write_file(arguments.get("--output", "-"), write_profile(*all))
             ? exit_ok
             : complain("the output cannot be written", exit_data);
}

int show_command(const Arguments& arguments) {
  if (arguments.rest().size() != 1) return complain("show needs one file", exit_usage);
  const std::optional<ProfileData> profile = load_profile(arguments.rest()[0]);
  if (!profile) return exit_data;
  std::fputs(table_text(*profile).c_str(), stdout);
  for (const std::string& warning : warnings_of(*profile)) std::fprintf(stderr, "warning: %s\n", warning.c_str());
  return exit_ok;
}

}  // namespace sextant::profile
