// SPDX-License-Identifier: Apache-2.0
// One evaluation of DeepSeek-V3 on 2,048 GPUs: cold (nothing compiled, no buffers) and with a reused workspace.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

#include "base/embedded.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/run/stated_run.hpp"
#include "sim/step/step.hpp"

namespace {

using namespace sextant;

struct Setting {
  sim::Run run;
  sim::Parameters parameters;
};

Setting load(const std::string& path) {
  Diagnostics faults;
  const Catalogue catalogue = Catalogue::open(embedded_files(), "", faults);
  const auto text = catalogue.text(path);
  const auto node = json::parse(text.value_or(""), path, faults);
  if (node) {
    const auto stated = sim::read_run(json::Cursor(*node, path, faults), catalogue);
    const auto calibration = sim::shipped_calibration(catalogue, faults);
    if (stated && calibration) {
      if (auto run = sim::complete(*stated, catalogue, faults, {path, 0, "", "", ""})) {
        return {std::move(*run), calibration->parameters};
      }
    }
  }
  std::cerr << faults.text();
  std::exit(2);
}

const Setting& deepseek() {
  static const Setting setting = load("models/data/runs/deepseek-v3-2048-h800.json");
  return setting;
}

void step_cold(benchmark::State& state) {
  const Setting& s = deepseek();
  for (auto _ : state) benchmark::DoNotOptimize(sim::evaluate(s.run, s.parameters));
}
BENCHMARK(step_cold)->Unit(benchmark::kMicrosecond);

void step_warm(benchmark::State& state) {
  const Setting& s = deepseek();
  sim::StepWorkspace workspace;
  for (auto _ : state) benchmark::DoNotOptimize(sim::evaluate(s.run, s.parameters, workspace));
}
BENCHMARK(step_warm)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
