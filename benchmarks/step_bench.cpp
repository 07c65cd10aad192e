// SPDX-License-Identifier: Apache-2.0
// One evaluation of DeepSeek-V3 on 2,048 GPUs: cold (nothing compiled, no buffers), of a shape of pipeline that the
// workspace does not know, and of a shape that it does.
#include <benchmark/benchmark.h>

#include "benchmarks/setting.hpp"
#include "sim/step/step.hpp"

namespace {

using namespace sextant;

using benchmarks::deepseek;
using benchmarks::Setting;

void step_cold(benchmark::State& state) {
  const Setting& s = deepseek();
  for (auto _ : state) benchmark::DoNotOptimize(sim::evaluate(s.run, s.parameters));
}
BENCHMARK(step_cold)->Unit(benchmark::kMicrosecond);

/// What a search pays for the first configuration of a shape: buffers are there, the schedule's order is not.
void step_new_shape(benchmark::State& state) {
  const Setting& s = deepseek();
  sim::StepWorkspace workspace;
  for (auto _ : state) {
    workspace.pipeline.programs.clear();
    benchmark::DoNotOptimize(sim::evaluate(s.run, s.parameters, workspace));
  }
}
BENCHMARK(step_new_shape)->Unit(benchmark::kMicrosecond);

/// What a search pays for a configuration of which it knows nothing but the shape: layers, stages and the executor
/// anew.
void step_warm(benchmark::State& state) {
  const Setting& s = deepseek();
  sim::StepWorkspace workspace;
  for (auto _ : state) benchmark::DoNotOptimize(sim::evaluate(s.run, s.parameters, workspace));
}
BENCHMARK(step_warm)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
