// SPDX-License-Identifier: Apache-2.0
#include "cli/help.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/diagnostic.hpp"
#include "sim/report/text_layout.hpp"

namespace sextant::cli {

namespace {

using sim::report::padded_right;
using sim::report::wrapped;

constexpr std::size_t width = 80;
constexpr std::size_t widest_head = 26;

/// "-o, --output FILE"
std::string head_of(const CLI::Option& option) {
  if (!option.get_positional() ? false : option.get_lnames().empty() && option.get_snames().empty()) {
    return option.get_name(true);
  }
  std::string out;
  for (const std::string& s : option.get_snames()) out += (out.empty() ? "-" : ", -") + s;
  for (const std::string& l : option.get_lnames()) out += (out.empty() ? "--" : ", --") + l;
  // CLI11 appends what its checks allow after a colon; the description says it better.
  if (option.get_items_expected_max() > 0)
    out += " " + option.get_type_name().substr(0, option.get_type_name().find(':'));
  return out;
}

std::string described(const std::string& head, const std::string& text, std::size_t head_width) {
  std::string out;
  std::string line = "  " + padded_right(head, head_width) + "  ";
  if (head.size() > head_width) {
    out = "  " + head + "\n";
    line = std::string(head_width + 4, ' ');
  }
  for (const std::string& part : wrapped(text, width - head_width - 4)) {
    out += line + part + "\n";
    line = std::string(head_width + 4, ' ');
  }
  return out;
}

std::string described_options(const std::vector<const CLI::Option*>& options) {
  std::size_t head_width = 0;
  for (const CLI::Option* o : options) head_width = std::max(head_width, std::min(widest_head, head_of(*o).size()));
  std::string out;
  for (const CLI::Option* o : options) out += described(head_of(*o), o->get_description(), head_width);
  return out;
}

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += "  " + std::string(text.substr(0, end)) + "\n";
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

std::vector<const CLI::Option*> of_group(const CLI::App& app, const std::string& group) {
  return app.get_options([&group](const CLI::Option* o) { return o->get_group() == group; });
}

}  // namespace

std::string overview() {
  std::string out =
      "Sextant: how long a training run takes, what it costs, whether a budget can be true\n\n"
      "  sextant COMMAND [options]\n\nCommands\n";
  std::size_t head_width = 0;
  for (const Command& c : commands()) head_width = std::max(head_width, c.name.size());
  for (const Command& c : commands()) out += described(std::string(c.name), std::string(c.help), head_width);
  return out +
         "\nOptions\n  --help     this text; after a command, that command's options and examples\n"
         "  --version  the version\n"
         "\nExit codes: 0 ok, 1 usage, 2 bad data, 3 infeasible, 4 claim contradicted,\n5 internal error\n"
         "\nStart with\n  sextant simulate deepseek-v3-2048-h800\n";
}

std::string help_text(const CLI::App& app, const Command& command) {
  std::vector<const CLI::Option*> positionals;
  std::vector<std::string> groups;
  for (const CLI::Option* o : app.get_options([](const CLI::Option*) { return true; })) {
    if (o->get_positional()) {
      positionals.push_back(o);
    } else if (std::find(groups.begin(), groups.end(), o->get_group()) == groups.end() && !o->get_group().empty()) {
      groups.push_back(o->get_group());
    }
  }
  std::stable_partition(groups.begin(), groups.end(), [](const std::string& g) { return g != common_group; });
  std::string out = fmt::format("sextant {} - {}\n\n  sextant {}", command.name, command.help, command.name);
  for (const CLI::Option* o : positionals) {
    const bool many = o->get_items_expected_max() > 1;
    const std::string name = o->get_name(true) + (many ? "..." : "");
    out += o->get_required() ? " " + name : " [" + name + "]";
  }
  out += " [options]\n";
  if (!positionals.empty()) out += "\n" + described_options(positionals);
  for (const std::string& group : groups) {
    std::vector<const CLI::Option*> options = of_group(app, group);
    std::erase_if(options, [](const CLI::Option* o) { return o->get_positional(); });
    if (!options.empty()) out += "\n" + group + "\n" + described_options(options);
  }
  return out + "\nExamples\n" + indented(command.examples);
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* o : app.get_options([](const CLI::Option*) { return true; })) {
    for (const std::string& l : o->get_lnames()) names.push_back("--" + l);
    for (const std::string& s : o->get_snames()) names.push_back("-" + s);
  }
  return names;
}

std::string unknown_command(std::string_view word) {
  std::vector<std::string_view> names;
  for (const Command& c : commands()) names.push_back(c.name);
  const std::string hint = did_you_mean(word, names);
  return fmt::format("unknown command \"{}\"; {}", word, hint.empty() ? "sextant --help lists them" : hint);
}

std::string unknown_option(const CLI::App& app, std::string_view word) {
  const std::vector<std::string> names = option_names(app);
  const std::string_view bare = word.substr(0, word.find('='));
  const std::string hint = did_you_mean(bare, std::vector<std::string_view>(names.begin(), names.end()));
  return fmt::format("unknown option \"{}\"{}", bare, hint.empty() ? "" : "; " + hint);
}

}  // namespace sextant::cli
