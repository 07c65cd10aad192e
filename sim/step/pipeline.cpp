// SPDX-License-Identifier: Apache-2.0
#include "sim/step/pipeline.hpp"

#include <algorithm>
#include <cmath>

#include "sim/schedule/program.hpp"

namespace sextant::sim {

namespace {

void add_means(const PipelineInput& in, PipelineResult& r) {
  for (const PipelineStage& s : in.stages) {
    r.mean_microbatch.forward += s.forward / in.ranks;
    r.mean_microbatch.backward += s.backward / in.ranks;
  }
}

PipelineStage sum(const std::vector<PipelineStage>& stages) {
  PipelineStage all;
  for (const PipelineStage& s : stages) {
    all.forward_compute += s.forward_compute;
    all.backward_compute += s.backward_compute;
    all.forward_exchange += s.forward_exchange;
    all.backward_exchange += s.backward_exchange;
  }
  return all;
}

PipelineResult single_rank(const PipelineInput& in) {
  PipelineResult r;
  add_means(in, r);
  const Seconds one = r.mean_microbatch.forward + r.mean_microbatch.backward;
  r.busy = one * in.microbatches;
  if (in.pairs_alone) {
    const PipelineStage all = sum(in.stages);
    r.busy = one + overlapped_pair(all, all, in.contention) * std::max(0.0, in.microbatches - 1.0);
  }
  r.makespan = r.busy;
  return r;
}

void fill_costs(const PipelineInput& in, const schedule::Program& program, schedule::StageCosts& costs) {
  const std::size_t n = in.stages.size();
  costs.forward.resize(n);
  costs.input_gradient.resize(n);
  costs.weight_gradient.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    const PipelineStage& s = in.stages[i];
    costs.forward[i] = s.forward;
    costs.input_gradient[i] = s.backward - s.weight_gradient;
    costs.weight_gradient[i] = s.weight_gradient;
  }
  costs.pair.resize(program.overlaps().size());
  for (std::size_t i = 0; i < costs.pair.size(); ++i) {
    const schedule::Overlap& o = program.overlaps()[i];
    costs.pair[i] = overlapped_pair(in.stages[static_cast<std::size_t>(o.forward_virtual_stage)],
                                    in.stages[static_cast<std::size_t>(o.backward_virtual_stage)], in.contention);
  }
}

/// Steps with a fraction of a micro-batch lie between two whole ones.
Seconds extrapolated(const schedule::Timeline& timeline, double whole, double wanted) {
  const schedule::StageTimes& busiest = timeline.stages[static_cast<std::size_t>(timeline.busiest_stage())];
  return timeline.makespan + busiest.busy * ((wanted - whole) / whole);
}

}  // namespace

const schedule::Schedule& schedule_row(Schedule s) { return schedule::schedule(s); }

const schedule::Program* program_of(const schedule::Schedule& row, const schedule::Shape& shape,
                                    PipelineWorkspace& workspace) {
  if (!row.refusal(shape).empty()) return nullptr;
  return &workspace.programs.get(row, shape);
}

Seconds overlapped_pair(const PipelineStage& f, const PipelineStage& b, Contention contention) {
  const Seconds compute = f.forward_compute + b.backward_compute;
  const Seconds exchange = f.forward_exchange + b.backward_exchange;
  return compute + exposed(compute, exchange, contention);
}

namespace {

/// What the executor runs: the program of the input's schedule, or of 1F1B where that refuses the shape.
struct Prepared {
  const schedule::Program* program;
  int microbatches;
};

/// Chunks of one rank run as one stage.
PipelineInput merged(const PipelineInput& in) {
  PipelineInput out = in;
  out.schedule = Schedule::one_f_one_b;
  out.stages.assign(static_cast<std::size_t>(in.ranks), {});
  for (std::size_t i = 0; i < in.stages.size(); ++i) {
    PipelineStage& s = out.stages[i % out.stages.size()];
    s.forward += in.stages[i].forward;
    s.backward += in.stages[i].backward;
    s.weight_gradient += in.stages[i].weight_gradient;
  }
  return out;
}

Prepared prepare(const PipelineInput& in, PipelineWorkspace& workspace) {
  const double most = schedule::max_microbatches;
  const int whole = static_cast<int>(std::clamp(std::round(in.microbatches), 1.0, most));
  const schedule::Schedule& row = schedule_row(in.schedule);
  const int copies = row.placement == schedule::Placement::bidirectional ? 2 : 1;
  const int chunks = static_cast<int>(in.stages.size()) / in.ranks * copies;
  if (const auto* program = program_of(row, {in.ranks, chunks, whole, 0}, workspace)) {
    fill_costs(in, *program, workspace.costs);
    return {program, whole};
  }
  const auto& plain = schedule_row(Schedule::one_f_one_b);
  const auto* program = program_of(plain, {in.ranks, 1, whole, 0}, workspace);
  fill_costs(merged(in), *program, workspace.costs);
  return {program, whole};
}

}  // namespace

PipelineResult run_pipeline(const PipelineInput& in, PipelineWorkspace& workspace) {
  if (in.ranks <= 1) return single_rank(in);
  const Prepared ready = prepare(in, workspace);
  schedule::uniform_links(ready.program->layout(), in.hop, workspace.links);
  const schedule::Timeline& timeline =
      schedule::execute(*ready.program, ready.microbatches, workspace.costs, workspace.links, workspace.executor);
  PipelineResult r;
  r.busiest_rank = timeline.busiest_stage();
  r.busy = timeline.stages[static_cast<std::size_t>(r.busiest_rank)].busy * (in.microbatches / ready.microbatches);
  r.makespan = extrapolated(timeline, ready.microbatches, in.microbatches);
  add_means(in, r);
  return r;
}

schedule::Timeline pipeline_timeline(const PipelineInput& in, PipelineWorkspace& workspace) {
  const Prepared ready = prepare(in, workspace);
  const schedule::Links links = schedule::uniform_links(ready.program->layout(), in.hop);
  return schedule::execute(*ready.program, ready.microbatches, workspace.costs, links, workspace.executor,
                           schedule::Keep::items);
}

}  // namespace sextant::sim
