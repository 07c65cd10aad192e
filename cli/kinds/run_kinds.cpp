// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/entry_text.hpp"
#include "cli/kinds/common.hpp"
#include "cli/run_input.hpp"
#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"
#include "sim/run/schema.hpp"
#include "sim/run/shapes.hpp"
#include "sim/run/stack_reader.hpp"

namespace sextant::cli {

namespace {

std::string yes_no(bool v) { return v ? "yes" : "no"; }
std::string overlap_text(sim::Overlap o) {
  return o == sim::Overlap::overlapped ? "overlapped with compute" : "exposed";
}

Report stack_report(const sim::Stack& s) {
  Report r;
  r.title = s.title;
  r.subtitle = s.id + (s.aliases.empty() ? "" : "; also " + joined(s.aliases));
  r.add(Heading{"When a run does not say"});
  r.add(Fact{.label = "software of", .value = s.typical_date});
  r.add(Fact{.label = "schedule", .value = std::string(sim::report::name_of(s.schedule))});
  r.add(Fact{.label = "sharding", .value = std::string(sim::report::name_of(s.sharding))});
  r.add(Fact{.label = "sequence parallel", .value = yes_no(s.sequence_parallel)});
  r.add(Fact{.label = "recompute",
             .value = sim::report::recompute_text({s.recompute, s.recompute_modules, 0, s.silent_recompute})});
  r.add(Heading{"What it does"});
  std::string kernels;
  for (const sim::AttentionSince& a : s.attention) {
    kernels += (kernels.empty() ? "" : ", ") + std::string(sim::report::name_of(a.kernel)) +
               (a.since.empty() ? "" : " since " + a.since);
  }
  r.add(Fact{.label = "attention kernels", .value = kernels});
  r.add(Fact{.label = "tensor collectives", .value = overlap_text(s.tensor)});
  r.add(Fact{.label = "expert exchange", .value = overlap_text(s.expert)});
  r.add(Fact{.label = "gradient reduction", .value = overlap_text(s.gradients)});
  r.add(Fact{.label = "compiled kernels", .value = yes_no(s.compiled)});
  r.add(Heading{"Sources"});
  r.add(Fact{.label = "behaviour", .value = source_text(s.source) + " (" + trust_text(s.source.trust) + ")"});
  r.add(
      Fact{.label = "memory", .value = source_text(s.memory.source) + " (" + trust_text(s.memory.source.trust) + ")"});
  return r;
}

}  // namespace

Report list_stacks(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const sim::Stack& s : sim::list_stacks(session.catalogue(), session.faults())) {
    rows.push_back({s.id, s.title, std::string(sim::report::name_of(s.schedule)),
                    std::string(sim::report::name_of(s.sharding)), s.typical_date, s.aliases});
  }
  return list_report("stacks",
                     {{"id", "id", Unit::text},
                      {"title", "title", Unit::text},
                      {"schedule", "schedule", Unit::text},
                      {"sharding", "sharding", Unit::text},
                      {"typical_date", "software", Unit::text},
                      {"aliases", "", Unit::text}},
                     std::move(rows));
}

std::optional<Shown> show_stack(Session& session, const std::string& id_or_file, const ShowOptions&) {
  std::optional<sim::Stack> stack;
  if (looks_like_file(id_or_file)) {
    const auto document = read_document(session, id_or_file);
    if (document) stack = sim::read_stack(json::Cursor(document->node, document->file, session.faults()));
  } else {
    stack = sim::find_stack(session.catalogue(), id_or_file, session.faults());
  }
  if (!stack) return std::nullopt;
  return Shown{stack_report(*stack), json::ShapeOf<sim::Stack>::get().write(*stack).dump(2) + "\n"};
}

Report list_runs(Session& session) {
  std::vector<std::vector<Cell>> rows;
  for (const std::string& id : entry_ids(session.catalogue(), run_entries)) {
    const auto input = load_run(session, id, {});
    if (!input) continue;
    const sim::Run& run = input->run;
    rows.push_back({id, run.model.name, run.cluster.gpu.id, static_cast<double>(run.cluster.gpus),
                    std::string(sim::report::name_of(run.precision)), run.stack.id, sim::report::layout_text(run)});
  }
  return list_report("runs",
                     {{"id", "id", Unit::text},
                      {"model", "", Unit::text},
                      {"gpu", "GPU", Unit::text},
                      {"gpus", "GPUs", Unit::count},
                      {"precision", "precision", Unit::text},
                      {"stack", "", Unit::text},
                      {"layout", "", Unit::text}},
                     std::move(rows));
}

std::optional<Shown> show_run(Session& session, const std::string& id_or_file, const ShowOptions&) {
  const auto input = load_run(session, id_or_file, {});
  if (!input) return std::nullopt;
  const sim::Run& run = input->run;
  Report r;
  r.format = "sextant/run-summary/1";
  r.title = sim::report::run_title(run);
  r.subtitle = input->file;
  r.add(Fact{"layout", "layout", sim::report::layout_text(run)});
  r.add(Figure{.key = "microbatches", .label = "micro-batches", .value = run.microbatches(), .unit = Unit::number});
  r.add(Figure{.key = "global_sequences",
               .label = "sequences a step",
               .value = static_cast<double>(run.batch.global_sequences),
               .unit = Unit::count});
  r.add(Figure{.key = "seq_len",
               .label = "tokens a sequence",
               .value = static_cast<double>(run.batch.seq_len),
               .unit = Unit::count});
  r.add(Fact{"precision", "precision", std::string(sim::report::name_of(run.precision))});
  r.add(Fact{"recompute", "recompute", sim::report::recompute_text(run.recompute)});
  r.add(Fact{"stack", "stack", run.stack.title});
  r.add(Fact{"cluster", "cluster", run.cluster.id});
  List assumed{.key = "assumptions", .title = "Assumed, because the run does not say"};
  for (const sim::Assumption& a : run.assumptions) assumed.points.push_back(sim::report::text_of(a));
  r.add(std::move(assumed));
  r.add(List{.key = "notes", .title = "Notes", .points = run.notes});
  return Shown{std::move(r), {}};
}

std::string run_schema_text() { return sim::run_schema().dump(2) + "\n"; }
std::string stack_schema_text() { return json::ShapeOf<sim::Stack>::get().schema().dump(2) + "\n"; }

}  // namespace sextant::cli
