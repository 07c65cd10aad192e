// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <string>
#include <vector>

#include "profiler/commands/commands.hpp"
#include "profiler/commands/files.hpp"

namespace {

using sextant::profile::Command;

void print_overview() {
  std::puts(
      "sextant-profile measures the kernels of a training step on the local NVIDIA GPU, and reads other programs' "
      "traces.\n"
      "What it writes (sextant/profile/1) `sextant simulate --profile FILE` rests on.\n\ncommands:");
  for (const Command& c : sextant::profile::commands()) std::printf("  %-8s %s\n", c.name.data(), c.summary.data());
  std::puts(
      "\n`sextant-profile COMMAND --help` shows options and examples.\n"
      "exit codes: 0 done, 1 usage, 2 bad data, 3 no CUDA device, 5 a kernel differs from its reference");
}

void print_help(const Command& c) {
  std::printf("sextant-profile %s\n%s\n\noptions:\n%s\nexamples:\n%s", c.usage.data(), c.summary.data(),
              sextant::profile::help_text(c.options).c_str(), c.examples.data());
}

bool asks_help(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word == "--") return false;
    if (word == "--help" || word == "-h") return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace sextant::profile;
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_overview();
    return words.empty() ? exit_usage : exit_ok;
  }
  if (words[0] == "--version") {
    std::puts("sextant-profile " SEXTANT_VERSION);
    return exit_ok;
  }
  for (const Command& c : commands()) {
    if (c.name != words[0]) continue;
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    if (asks_help(rest)) {
      print_help(c);
      return exit_ok;
    }
    std::string fault;
    const auto arguments = Arguments::parse(rest, c.options, fault);
    return arguments ? c.run(*arguments) : complain(fault, exit_usage);
  }
  return complain("unknown command \"" + words[0] + "\"; --help shows all", exit_usage);
}
