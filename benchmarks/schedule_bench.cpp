// SPDX-License-Identifier: Apache-2.0
// What a timeline costs: nanoseconds an item, laying a schedule out included or not.
#include <benchmark/benchmark.h>

#include "sim/schedule/executor.hpp"
#include "sim/schedule/program_cache.hpp"

using namespace sextant;
using namespace sextant::sim::schedule;

namespace {

constexpr Shape v3{16, 2, 120, 0};  // DeepSeek-V3: 16 stages, 120 micro-batches, two chunks a device

/// Uneven stages, so that the loop does not settle at once.
StageCosts uneven_costs(const Layout& layout) {
  StageCosts costs;
  for (int v = 0; v < layout.virtual_stages(); ++v) {
    const double size = 1.0 + 0.01 * (v * 7 % 5) + (v + 1 == layout.virtual_stages() ? 0.2 : 0.0);
    costs.forward.push_back(Seconds{0.049 * size});
    costs.input_gradient.push_back(Seconds{0.075 * size});
    costs.weight_gradient.push_back(Seconds{0.032 * size});
  }
  return costs;
}

Shape shape_of(const Schedule& schedule) {
  Shape shape = v3;
  if (schedule.chunks == 1) shape.chunks = 1;
  if (schedule.chunks == 0) shape.microbatches = 128;  // a multiple of pp
  return shape;
}

double items_of(const Schedule& schedule, const Shape& shape) {
  return static_cast<double>(schedule.build(shape).size());
}

void count_items(benchmark::State& state, double items) {
  state.counters["items"] = items;
  state.counters["s_per_item"] =
      benchmark::Counter(items, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Every item run.
void execute_all(benchmark::State& state, ScheduleId id) {
  const Schedule& row = schedule(id);
  const Shape shape = shape_of(row);
  const auto program = std::get<Program>(compile(row.build(shape), Loops::unroll));
  const StageCosts costs = uneven_costs(program.layout());
  const Links links = uniform_links(program.layout(), Seconds{0.0005});
  Workspace workspace;
  for (auto _ : state) {
    benchmark::DoNotOptimize(execute(program, shape.microbatches, costs, links, workspace).makespan);
  }
  count_items(state, items_of(row, shape));
}

/// As a search calls it: the program known, repetitions skipped once they settle.
void execute_known(benchmark::State& state, ScheduleId id) {
  const Schedule& row = schedule(id);
  const Shape shape = shape_of(row);
  ProgramCache cache;
  const StageCosts costs = uneven_costs(row.layout(shape));
  const Links links = uniform_links(row.layout(shape), Seconds{0.0005});
  Workspace workspace;
  for (auto _ : state) {
    const Program& program = cache.get(row, shape);
    benchmark::DoNotOptimize(execute(program, shape.microbatches, costs, links, workspace).makespan);
  }
  count_items(state, items_of(row, shape));
}

/// The first time: laid out, compiled and run.
void execute_cold(benchmark::State& state, ScheduleId id) {
  const Schedule& row = schedule(id);
  const Shape shape = shape_of(row);
  const StageCosts costs = uneven_costs(row.layout(shape));
  const Links links = uniform_links(row.layout(shape), Seconds{0.0005});
  Workspace workspace;
  for (auto _ : state) {
    const Program program = compile(row, shape);
    benchmark::DoNotOptimize(execute(program, shape.microbatches, costs, links, workspace).makespan);
  }
  count_items(state, items_of(row, shape));
}

}  // namespace

int main(int argc, char** argv) {
  for (const Schedule& row : schedules()) {
    const std::string name(row.name);
    benchmark::RegisterBenchmark(("execute_all/" + name).c_str(), execute_all, row.id);
    benchmark::RegisterBenchmark(("execute_known/" + name).c_str(), execute_known, row.id);
    benchmark::RegisterBenchmark(("execute_cold/" + name).c_str(), execute_cold, row.id);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
