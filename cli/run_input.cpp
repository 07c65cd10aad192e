// SPDX-License-Identifier: Apache-2.0
#include "cli/run_input.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "base/json/cursor.hpp"
#include "cli/input.hpp"
#include "sim/api.hpp"
#include "sim/run/stated_run.hpp"

namespace sextant::cli {

namespace {

namespace fs = std::filesystem;

std::optional<InputText> from_catalogue(const Catalogue& catalogue, const std::string& id, Diagnostics& faults) {
  const std::string wanted = folded_id(id);
  const std::vector<std::string> ids = run_ids(catalogue);
  for (const std::string& candidate : ids) {
    if (folded_id(candidate) != wanted) continue;
    const std::string path = std::string(run_folder) + candidate + ".json";
    return InputText{path, std::string(catalogue.text(path).value_or(""))};
  }
  const std::vector<std::string_view> views(ids.begin(), ids.end());
  const std::string hint = did_you_mean(id, views);
  faults.add({id, 0, "", "no such file, and no run of the catalogue",
              hint.empty() ? "sextant list runs shows what there is" : hint});
  return std::nullopt;
}

std::optional<InputText> text_of(Session& session, const std::string& file_or_id) {
  if (looks_like_file(file_or_id)) return read_input(file_or_id, session.faults());
  return from_catalogue(session.catalogue(), file_or_id, session.faults());
}

/// An observation holds its run under "run".
json::Node run_part(json::Node node) {
  const json::Node* run = node.find("run");
  if (run != nullptr && run->type == json::Type::object && node.find("model") == nullptr) return *run;
  return node;
}

/// The line of the value at a pointer, or of the nearest object above it that is there.
int line_of(const json::Node& root, std::string_view pointer) {
  const json::Node* node = &root;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t slash = pointer.find('/');
    const json::Node* next = node->find(pointer.substr(0, slash));
    if (next == nullptr) break;
    node = next;
    pointer = slash == std::string_view::npos ? std::string_view{} : pointer.substr(slash);
  }
  return node->line;
}

/// Where a run states what a rule of the layout is about.
std::string_view pointer_of(std::string_view rule) {
  struct Row {
    std::string_view rule;
    std::string_view pointer;
  };
  static constexpr std::array<Row, 12> rows{{{"layout/degrees", "/parallelism"},
                                             {"layout/ranks", "/parallelism"},
                                             {"layout/heads", "/parallelism/tp"},
                                             {"layout/key-value-heads", "/parallelism/tp"},
                                             {"layout/ffn-width", "/parallelism/tp"},
                                             {"layout/experts", "/parallelism/ep"},
                                             {"layout/expert-ranks", "/parallelism/ep"},
                                             {"layout/expert-width", "/parallelism/etp"},
                                             {"layout/sequence", "/batch/seq_len"},
                                             {"layout/batch", "/batch/global_sequences"},
                                             {"layout/stages", "/parallelism/pp"},
                                             {"layout/shard-group", "/parallelism/sharding_group"}}};
  for (const Row& row : rows) {
    if (row.rule == rule) return row.pointer;
  }
  return "/parallelism";
}

/// Degrees and batches that contradict each other, the model or the cluster are faults of the input.
void check_layout(const json::Node& node, const std::string& file, const sim::Run& run, Diagnostics& faults) {
  for (sim::Infeasible& fault : sim::layout_faults(run)) {
    const std::string_view pointer = pointer_of(fault.tag);
    faults.add({file, line_of(node, pointer), std::string(pointer), std::move(fault.reason), std::move(fault.hint)});
  }
}

}  // namespace

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

std::vector<std::string> run_ids(const Catalogue& catalogue) {
  std::vector<std::string> ids;
  for (const std::string& path : catalogue.list(run_folder)) ids.push_back(fs::path(path).stem().string());
  return ids;
}

ExitCode say_missing(const Session& session, const RunFlags& flags) {
  std::string list;
  for (const std::string& flag : missing_flags(flags)) list += (list.empty() ? "" : ", ") + flag;
  return session.usage_error("needs a RUN, or these flags too: " + list, "sextant list runs shows runs to start from");
}

std::optional<sim::Run> run_from(Session& session, const json::Node& node, const std::string& file,
                                 const RunFlags& flags) {
  Diagnostics faults;
  std::optional<sim::Run> run;
  if (const auto stated = sim::read_run(json::Cursor(node, file, faults), session.catalogue())) {
    run = sim::complete(*stated, session.catalogue(), faults, {file, line_of(node, "/stack"), "/stack", "", ""});
    if (run) check_layout(node, file, *run, faults);
  }
  const bool good = faults.empty();
  session.faults().append(placed(faults, flags));
  if (!good) return std::nullopt;
  return run;
}

std::optional<StatedInput> load_stated(Session& session, const std::string& file_or_id, const RunFlags& flags) {
  StatedInput input;
  input.file = "command line";
  input.node.type = json::Type::object;
  if (!file_or_id.empty()) {
    const auto text = text_of(session, file_or_id);
    if (!text) return std::nullopt;
    auto node = json::parse(text->text, text->file, session.faults());
    if (!node) return std::nullopt;
    input.node = run_part(std::move(*node));
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
