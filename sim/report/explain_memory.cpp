// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/describe.hpp"
#include "sim/memory/activations.hpp"
#include "sim/memory/in_flight.hpp"
#include "sim/memory/states.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

std::vector<Input> state_inputs(const Run& run, int rank) {
  const Parallelism& p = run.parallelism;
  const StageLayout layout = stage_layout(run.model, virtual_stages(p));
  const RankParameters held = rank_parameters(run, layout)[static_cast<std::size_t>(rank)];
  const ShardGroups dense = shard_groups(run, false);
  const ShardGroups experts = shard_groups(run, true);
  const Source* stack = &run.stack.memory.source;
  return {
      {"dense parameters of the rank", held.dense, Unit::parameters},
      {"expert parameters of the rank", held.experts, Unit::parameters},
      {"bytes of a weight", run.stack.memory.weight_bytes, Unit::number, "as the optimizer updates it", stack},
      {"bytes of a kept gradient", kept_gradient_bytes(run), Unit::number, "", stack},
      {"bytes of master and moments", optimizer_bytes(run), Unit::number, "", stack},
      {"ranks that split weights", dense.weights, Unit::count,
       fmt::format("{}; experts {:.0f}", name_of(p.sharding), experts.weights)},
      {"ranks that split gradients", dense.gradients, Unit::count, fmt::format("experts {:.0f}", experts.gradients)},
      {"ranks that split the optimizer", dense.optimizer, Unit::count,
       fmt::format("experts {:.0f}", experts.optimizer)}};
}

std::vector<Input> activation_inputs(const Run& run, int rank) {
  const std::vector<double> held = in_flight(run);
  const std::size_t chunks = held.size() / static_cast<std::size_t>(std::max(1, run.parallelism.pp));
  double sum = 0;
  for (std::size_t c = 0; c < chunks; ++c) sum += held[static_cast<std::size_t>(rank) * chunks + c];
  std::vector<Input> list{
      {"micro-batches in flight", sum, Unit::number, chunks > 1 ? fmt::format("over {} chunks", chunks) : ""},
      {"tokens of a micro-batch on a rank",
       static_cast<double>(run.batch.micro_sequences) * run.batch.seq_len / run.parallelism.cp, Unit::count},
      {"hidden width", static_cast<double>(run.model.hidden), Unit::count},
      {"tp", static_cast<double>(run.parallelism.tp), Unit::count,
       run.parallelism.sequence_parallel ? "with sequence parallelism" : ""}};
  for (const models::LayerGroup& g : models::layer_groups(run.model)) {
    const LayerActivations a = layer_activations(run, run.model.kinds[g.index]);
    list.push_back({"kept of one " + g.kind + " layer", a.kept.value(), Unit::bytes, recompute_text(run.recompute)});
    list.push_back({"its input", a.boundary.value(), Unit::bytes, "all that stays under full recompute"});
    list.push_back({"dropped and redone", a.dropped.value(), Unit::bytes});
    list.push_back({"gradients in its backward pass", a.working.value(), Unit::bytes});
  }
  return list;
}

std::vector<Input> buffer_inputs(const Run& run) {
  const StackMemory& m = run.stack.memory;
  return {{"context and libraries", m.workspace.value(), Unit::bytes, run.stack.title, &m.source},
          {"dispatch buffers", m.dispatch_buffers.value(), Unit::bytes, "where a dispatch library is used", &m.source},
          {"allocator slack", m.allocator_slack, Unit::share, "of everything else", &m.source}};
}

std::vector<Input> inputs(const Run& run, MemoryClass group, int rank) {
  switch (group) {
    case MemoryClass::weights:
    case MemoryClass::gradients:
    case MemoryClass::optimizer: return state_inputs(run, rank);
    case MemoryClass::activations: return activation_inputs(run, rank);
    case MemoryClass::buffers: return buffer_inputs(run);
  }
  return {};
}

}  // namespace

Report explain_memory_term(const Explained& e, const MemoryTermInfo& info) {
  const MemoryEstimate& m = e.prediction.memory;
  const double gb = m.fullest()[info.term] / memory_gb;
  Report r;
  r.format = "sextant/explain/1";
  r.title = fmt::format("{}: {}", info.tag, info.title);
  r.subtitle = fmt::format("{}; {}", run_title(e.run), layout_text(e.run));
  r.add(Fact{.key = "tag", .value = std::string(info.tag)});
  r.add(Figure{.key = "value",
               .label = "value",
               .value = gb,
               .unit = Unit::gigabytes,
               .note = fmt::format("on pipeline rank {}, which needs {} of {}", m.worst,
                                   format(m.total() / memory_gb, Unit::gigabytes),
                                   format(m.capacity / memory_gb, Unit::gigabytes))});
  r.add(Figure{.key = "share", .label = "share", .value = m.fullest()[info.term] / m.total(), .unit = Unit::share});
  r.add(Fact{"formula", "formula", std::string(info.formula)});
  r.add(Fact{"source", "source", std::string(info.source)});
  r.add(input_table(inputs(e.run, info.group, m.worst)));
  Table ranks{.key = "ranks",
              .title = "By pipeline rank",
              .columns = {{"rank", "rank", Unit::count},
                          {"gb", info.tag.data(), Unit::gigabytes},
                          {"total_gb", "total", Unit::gigabytes}}};
  ranks.columns[1].title = std::string(info.title);
  for (std::size_t i = 0; i < m.ranks.size(); ++i) {
    ranks.rows.push_back({static_cast<double>(i), m.ranks[i][info.term] / memory_gb, m.ranks[i].sum() / memory_gb});
  }
  if (m.ranks.size() > 1) r.add(std::move(ranks));
  return r;
}

}  // namespace sextant::sim::report
