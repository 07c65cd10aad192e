// SPDX-License-Identifier: Apache-2.0
#include "cli/completion.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cli/application.hpp"
#include "cli/kinds/kinds.hpp"
#include "cli/run_flags.hpp"

namespace sextant::cli {

namespace {

/// Options and arguments by name, and what completes them.
struct Row {
  std::string_view name;
  Candidates::Kind kind;
  std::string_view words;  ///< separated by spaces
};

constexpr std::array<Row, 20> rows{{{"--model", Candidates::Kind::ids, "models"},
                                    {"--gpu", Candidates::Kind::ids, "gpus"},
                                    {"--cluster", Candidates::Kind::ids, "clusters"},
                                    {"--stack", Candidates::Kind::ids, "stacks"},
                                    {"--grid", Candidates::Kind::ids, "grids"},
                                    {"--recompute", Candidates::Kind::words, "none full selective"},
                                    {"--format", Candidates::Kind::words, "text json csv markdown html"},
                                    {"--color", Candidates::Kind::words, "auto always never"},
                                    {"--objective", Candidates::Kind::words, "cost time pareto"},
                                    {"--output", Candidates::Kind::files, ""},
                                    {"--data", Candidates::Kind::files, ""},
                                    {"--profile", Candidates::Kind::files, ""},
                                    {"--against", Candidates::Kind::files, ""},
                                    {"RUN", Candidates::Kind::ids, "runs"},
                                    {"CAMPAIGN", Candidates::Kind::ids, "campaigns"},
                                    {"SWEEP", Candidates::Kind::ids, "sweeps"},
                                    {"CLAIM", Candidates::Kind::ids, "claims"},
                                    {"OBSERVATIONS", Candidates::Kind::files, ""},
                                    {"SHELL", Candidates::Kind::words, "bash zsh fish"},
                                    {"ID", Candidates::Kind::ids, "models gpus clusters stacks claims"}}};

std::vector<std::string> split(std::string_view words) {
  return words.empty() ? std::vector<std::string>{} : CLI::detail::split(std::string(words), ' ');
}

Candidates candidates(const CLI::App& app, const std::string& name) {
  if (name == "KIND") {
    Candidates kinds_of{Candidates::Kind::words, {}};
    for (const Kind& k : kinds()) kinds_of.words.emplace_back(app.get_name() == "list" ? k.plural : k.singular);
    return kinds_of;
  }
  const std::vector<std::string_view> fixed = words_of_flag(name);
  if (!fixed.empty()) return {Candidates::Kind::words, {fixed.begin(), fixed.end()}};
  for (const Row& row : rows) {
    if (row.name == name) return {row.kind, split(row.words)};
  }
  return {};
}

CompletedCommand completed(const CLI::App& app) {
  CompletedCommand out{app.get_name(), app.get_description(), {}, {}};
  for (const CLI::Option* o : app.get_options([](const CLI::Option*) { return true; })) {
    if (o->get_positional()) {
      out.positionals.push_back(candidates(app, o->get_name(true)));
      continue;
    }
    CompletedOption option;
    for (const std::string& l : o->get_lnames()) option.names.push_back(fmt::format("--{}", l));
    for (const std::string& s : o->get_snames()) option.names.push_back(fmt::format("-{}", s));
    option.help = o->get_description();
    option.takes_value = o->get_items_expected_max() > 0;
    for (const std::string& name : option.names) {
      if (option.value.kind == Candidates::Kind::none) option.value = candidates(app, name);
    }
    out.options.push_back(std::move(option));
  }
  return out;
}

/// The shell's words for candidates: fixed words, or what a listing prints when Tab is pressed.
std::string shell_words(const Candidates& c) {
  std::string out;
  for (const std::string& w : c.words) {
    out += (out.empty() ? "" : " ") + (c.kind == Candidates::Kind::ids ? "$(_sextant_ids " + w + ")" : w);
  }
  return out;
}

std::string joined_names(const std::vector<CompletedOption>& options, std::string_view separator) {
  std::string out;
  for (const CompletedOption& o : options) {
    for (const std::string& n : o.names) out += (out.empty() ? "" : std::string(separator)) + n;
  }
  return out;
}

std::string names_pattern(const CompletedOption& o) { return joined_names({o}, "|"); }

/// Ids as they are written and in lower case: both are understood, and shells compare case.
constexpr std::string_view print_ids =
    "--format csv --quiet 2>/dev/null | awk -F, 'NR > 1 {print $1; l = tolower($1); if (l != $1) print l}'";

std::string ids_function() { return fmt::format("_sextant_ids() {{ sextant list \"$1\" {}; }}\n", print_ids); }

std::string bash_reply(const Candidates& c) {
  switch (c.kind) {
    case Candidates::Kind::none: return ":";
    case Candidates::Kind::files: return "COMPREPLY=($(compgen -f -- \"$cur\"))";
    case Candidates::Kind::words: return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$cur\"))", shell_words(c));
    case Candidates::Kind::ids:
      return fmt::format("COMPREPLY=($(compgen -W \"{}\" -- \"$cur\") $(compgen -f -- \"$cur\"))", shell_words(c));
  }
  return ":";
}

/// In single quotes, for any of the three shells.
std::string single_quoted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return "'" + out + "'";
}

}  // namespace

std::vector<CompletedCommand> completed_commands() {
  const Tree tree = declare_all();
  std::vector<CompletedCommand> out;
  for (const CLI::App* sub : tree.app->get_subcommands([](const CLI::App*) { return true; })) {
    out.push_back(completed(*sub));
  }
  return out;
}

std::string bash_completion(const std::vector<CompletedCommand>& commands) {
  std::string out =
      "# bash completion for sextant; source it, or save it as\n# ~/.local/share/bash-completion/completions/sextant\n";
  out += ids_function();
  out +=
      "_sextant() {\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} cmd=${COMP_WORDS[1]}\n"
      "  COMPREPLY=()\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W \"";
  for (const CompletedCommand& c : commands) out += c.name + " ";
  out += "--help --version\" -- \"$cur\"))\n    return\n  fi\n  case \"$cmd\" in\n";
  for (const CompletedCommand& c : commands) {
    out += fmt::format("  {})\n    case \"$prev\" in\n", c.name);
    for (const CompletedOption& o : c.options) {
      if (o.takes_value) out += fmt::format("    {}) {}; return ;;\n", names_pattern(o), bash_reply(o.value));
    }
    out += "    esac\n    case \"$cur\" in\n";
    out += fmt::format("    -*) COMPREPLY=($(compgen -W \"{}\" -- \"$cur\")) ;;\n", joined_names(c.options, " "));
    if (c.positionals.size() > 1) {
      out += fmt::format("    *) if [ \"$COMP_CWORD\" -eq 2 ]; then {}; else {}; fi ;;\n", bash_reply(c.positionals[0]),
                         bash_reply(c.positionals[1]));
    } else if (!c.positionals.empty()) {
      out += fmt::format("    *) {} ;;\n", bash_reply(c.positionals[0]));
    }
    out += "    esac ;;\n";
  }
  return out + "  esac\n}\ncomplete -o filenames -F _sextant sextant\n";
}

std::string zsh_completion(const std::vector<CompletedCommand>& commands) {
  std::string out = "#compdef sextant\n# zsh completion for sextant; save it as _sextant in a folder of $fpath\n";
  out += ids_function();
  out += "_sextant() {\n  local -a commands\n  commands=(\n";
  for (const CompletedCommand& c : commands) out += "    " + single_quoted(c.name + ":" + c.help) + "\n";
  out += "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n  case $words[2] in\n";
  const auto reply = [](const Candidates& c) -> std::string {
    switch (c.kind) {
      case Candidates::Kind::none: return "_message value";
      case Candidates::Kind::files: return "_files";
      case Candidates::Kind::words: return "compadd -- " + shell_words(c);
      case Candidates::Kind::ids: return "compadd -- " + shell_words(c) + "; _files";
    }
    return ":";
  };
  for (const CompletedCommand& c : commands) {
    out += fmt::format("  {})\n    case $words[CURRENT-1] in\n", c.name);
    for (const CompletedOption& o : c.options) {
      if (o.takes_value) out += fmt::format("    {}) {}; return ;;\n", names_pattern(o), reply(o.value));
    }
    out += "    esac\n    if [[ $PREFIX == -* ]]; then\n      local -a options\n      options=(\n";
    for (const CompletedOption& o : c.options) {
      for (const std::string& n : o.names) out += "        " + single_quoted(n + ":" + o.help) + "\n";
    }
    out += "      )\n      _describe option options\n";
    if (c.positionals.size() > 1) {
      out += fmt::format("    elif (( CURRENT == 3 )); then {}\n    else {}\n", reply(c.positionals[0]),
                         reply(c.positionals[1]));
    } else if (!c.positionals.empty()) {
      out += fmt::format("    else {}\n", reply(c.positionals[0]));
    }
    out += "    fi ;;\n";
  }
  return out + "  esac\n}\ncompdef _sextant sextant\n";
}

std::string fish_completion(const std::vector<CompletedCommand>& commands) {
  std::string out = "# fish completion for sextant; save it as ~/.config/fish/completions/sextant.fish\n";
  out += fmt::format("function __sextant_ids; sextant list $argv[1] {}; end\n", print_ids);
  const auto words_of = [](const Candidates& c) {
    std::string list;
    for (const std::string& w : c.words) {
      list += (list.empty() ? "" : " ") + (c.kind == Candidates::Kind::ids ? "(__sextant_ids " + w + ")" : w);
    }
    return list;
  };
  const auto arguments = [&](const Candidates& c) -> std::string {
    switch (c.kind) {
      case Candidates::Kind::none: return " -x";
      case Candidates::Kind::files: return " -rF";
      case Candidates::Kind::words: return " -xa " + single_quoted(words_of(c));
      case Candidates::Kind::ids: return " -ra " + single_quoted(words_of(c));
    }
    return "";
  };
  // An argument: files where they may stand, words beside them.
  const auto positional = [&](const Candidates& c) -> std::string {
    switch (c.kind) {
      case Candidates::Kind::none: return " -f";
      case Candidates::Kind::files: return " -F";
      case Candidates::Kind::words: return " -f -a " + single_quoted(words_of(c));
      case Candidates::Kind::ids: return " -F -a " + single_quoted(words_of(c));
    }
    return "";
  };
  for (const CompletedCommand& c : commands) {
    out += fmt::format("complete -c sextant -f -n __fish_use_subcommand -a {} -d {}\n", c.name, single_quoted(c.help));
    const std::string here = fmt::format("complete -c sextant -n '__fish_seen_subcommand_from {}'", c.name);
    for (const Candidates& p : c.positionals) out += here + positional(p) + "\n";
    for (const CompletedOption& o : c.options) {
      std::string line = here;
      for (const std::string& n : o.names) line += n.size() == 2 ? " -s " + n.substr(1) : " -l " + n.substr(2);
      if (o.takes_value) line += arguments(o.value);
      out += line + " -d " + single_quoted(o.help) + "\n";
    }
  }
  return out;
}

}  // namespace sextant::cli
