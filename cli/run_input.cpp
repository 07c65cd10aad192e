// SPDX-License-Identifier: Apache-2.0
#include "cli/run_input.hpp"

#include "base/json/cursor.hpp"
#include "cli/entry_text.hpp"
#include "sim/checked_run.hpp"

namespace sextant::cli {

Diagnostics placed(const Diagnostics& faults, const RunFlags& flags) {
  Diagnostics out;
  for (Diagnostic d : faults.list()) {
    const std::string_view flag = flag_of(flags, d.pointer);
    if (!flag.empty()) {
      d.file = "command line";
      d.line = 0;
      d.pointer = flag;
    }
    out.add(std::move(d));
  }
  return out;
}

ExitCode say_missing(const Session& session, const RunFlags& flags) {
  std::string list;
  for (const std::string& flag : missing_flags(flags)) list += (list.empty() ? "" : ", ") + flag;
  return session.usage_error("needs a RUN, or these flags too: " + list, "sextant list runs shows runs to start from");
}

std::optional<sim::Run> run_from(Session& session, const json::Node& node, const std::string& file,
                                 const RunFlags& flags) {
  Diagnostics faults;
  auto run = sim::checked_run(node, file, session.catalogue(), faults);
  session.faults().append(placed(faults, flags));
  return run;
}

std::optional<StatedInput> load_stated(Session& session, const std::string& file_or_id, const RunFlags& flags) {
  StatedInput input;
  input.file = "command line";
  input.node.type = json::Type::object;
  if (!file_or_id.empty()) {
    const auto text = entry_text(session, file_or_id, run_entries);
    if (!text) return std::nullopt;
    auto node = json::parse(text->text, text->file, session.faults());
    if (!node) return std::nullopt;
    input.node = sim::run_part(std::move(*node));
    input.file = text->file;
  }
  if (input.node.type == json::Type::object) {
    lay_over(input.node, flags, session.catalogue(), input.notes, session.faults());
  }
  if (!session.faults().empty()) return std::nullopt;
  return input;
}

std::optional<RunInput> load_run(Session& session, const std::string& file_or_id, const RunFlags& flags) {
  std::optional<StatedInput> stated = load_stated(session, file_or_id, flags);
  if (!stated) return std::nullopt;
  auto run = run_from(session, stated->node, stated->file, flags);
  if (!run) return std::nullopt;
  run->notes.insert(run->notes.end(), stated->notes.begin(), stated->notes.end());
  return RunInput{std::move(*run), std::move(stated->node), std::move(stated->file)};
}

}  // namespace sextant::cli
