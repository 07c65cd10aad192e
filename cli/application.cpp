// SPDX-License-Identifier: Apache-2.0
#include "cli/application.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <map>
#include <new>
#include <string>
#include <string_view>

#include "cli/help.hpp"

namespace sextant::cli {

namespace {

void add_common(CLI::App& app, CommonOptions& options) {
  const std::string group(common_group);
  app.add_flag("--json", options.json, "the result as JSON")->group(group);
  app.add_option("--format", options.format, "text, json, csv, markdown or html; else by FILE's extension")
      ->type_name("FORM")
      ->check(CLI::IsMember({"text", "json", "csv", "markdown", "html"}))
      ->group(group);
  app.add_option("-o,--output", options.output, "write the result there; - is stdout")->type_name("FILE")->group(group);
  app.add_option("--data", options.data, "data files laid over Sextant's own; or SEXTANT_DATA")
      ->type_name("DIR")
      ->group(group);
  app.add_option(
         "--profile", options.profiles,
         "measured kernels (sextant-profile) that go before the closed forms, or a calibration; may be repeated")
      ->type_name("FILE|ID")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--seed", options.seed, "of everything that is drawn at random; the same seed, the same bytes")
      ->type_name("N")
      ->group(group);
  app.add_flag("--quiet", options.quiet, "no remarks and no progress on stderr")->group(group);
  app.add_option("--color", options.colour, "auto, always or never; NO_COLOR and TERM=dumb are honoured")
      ->type_name("WHEN")
      ->transform(CLI::CheckedTransformer(std::map<std::string, Colour>{
          {"auto", Colour::automatic}, {"always", Colour::always}, {"never", Colour::never}}))
      ->group(group);
}

Runner declare(Tree& tree, const Command& command) {
  CLI::App* sub = tree.app->add_subcommand(std::string(command.name), std::string(command.help));
  sub->set_help_flag("-h,--help", "this text")->group(std::string(common_group));
  Runner runner = command.declare(*sub);
  add_common(*sub, *tree.options);
  return runner;
}

void say(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }
int print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 ? ExitCode::ok
                                                                                                     : ExitCode::usage;
}

const Command* find_command(std::string_view name) {
  for (const Command& c : commands()) {
    if (c.name == name) return &c;
  }
  return nullptr;
}

/// `Could not convert: --tp = abc` becomes `--tp: expected a number, found "abc"`.
std::string readable(const CLI::ParseError& error) {
  const std::string text = error.what();
  constexpr std::string_view start = "Could not convert: ";
  const std::size_t equals = text.find(" = ");
  if (text.rfind(start, 0) != 0 || equals == std::string::npos) return text;
  return fmt::format("{}: expected a number, found \"{}\"", text.substr(start.size(), equals - start.size()),
                     text.substr(equals + 3));
}

/// CLI11's sentence, in the words of the rest: what was wrong, then where to read on.
int wrong_usage(const Command& command, const CLI::App& sub, const CLI::ParseError& error) {
  std::string message = readable(error);
  const std::vector<std::string> rest = sub.remaining();
  if (!rest.empty()) {
    message = rest.front().front() == '-' ? unknown_option(sub, rest.front())
                                          : fmt::format("unexpected argument \"{}\"", rest.front());
  }
  say(fmt::format("sextant {}: {}\nTry sextant {} --help\n", command.name, message, command.name));
  return ExitCode::usage;
}

int run_command(const Command& command, int argc, const char* const* argv) {
  Tree tree = declare_one(command);
  CLI::App& sub = *tree.app->get_subcommand(std::string(command.name));
  try {
    tree.app->parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print(help_text(sub, command));
  } catch (const CLI::ParseError& error) {
    return wrong_usage(command, sub, error);
  }
  Session session(*tree.options, std::string(command.name));
  if (!command.opens_output && !session.open_output()) return ExitCode::usage;
  return tree.runners.front()(session);
}

int dispatch(int argc, const char* const* argv) {
  if (argc < 2) {
    say(overview());
    return ExitCode::usage;
  }
  const std::string_view first = argv[1];
  if (first == "--version" || first == "-V") return print(fmt::format("sextant {}\n", SEXTANT_VERSION));
  if (first == "--help" || first == "-h") return print(overview());
  if (first == "help") {
    if (argc < 3) return print(overview());
    const Command* command = find_command(argv[2]);
    if (command != nullptr) {
      const Tree tree = declare_one(*command);
      return print(help_text(*tree.app->get_subcommand(std::string(command->name)), *command));
    }
    say(fmt::format("sextant: {}\n", unknown_command(argv[2])));
    return ExitCode::usage;
  }
  const Command* command = find_command(first);
  if (command != nullptr) return run_command(*command, argc, argv);
  if (!first.empty() && first.front() == '-') {
    say(fmt::format("sextant: unknown option \"{}\"; options follow the command\nTry sextant --help\n", first));
  } else {
    say(fmt::format("sextant: {}\n", unknown_command(first)));
  }
  return ExitCode::usage;
}

}  // namespace

Tree::Tree() : app(std::make_unique<CLI::App>("", "sextant")), options(std::make_unique<CommonOptions>()) {}
Tree::Tree(Tree&&) noexcept = default;
Tree::~Tree() = default;

Tree declare_one(const Command& command) {
  Tree tree;
  tree.app->require_subcommand(1);
  tree.runners.push_back(declare(tree, command));
  return tree;
}

Tree declare_all() {
  Tree tree;
  tree.app->require_subcommand(1);
  for (const Command& c : commands()) tree.runners.push_back(declare(tree, c));
  return tree;
}

int run(int argc, const char* const* argv) {
  try {
    return dispatch(argc, argv);
  } catch (const std::bad_alloc&) {
    say("sextant: out of memory\n");
  } catch (const std::exception& error) {
    say(fmt::format(
        "sextant: internal error: {}\nThis is a fault of Sextant; please report it with the command line.\n",
        error.what()));
  }
  return ExitCode::internal;
}

}  // namespace sextant::cli
