// SPDX-License-Identifier: Apache-2.0
// What a plan costs: a whole search, and how it grows with GPUs, layers and the size of the space.
#include <benchmark/benchmark.h>

#include "benchmarks/setting.hpp"
#include "sim/search/composer.hpp"
#include "sim/search/search.hpp"

namespace {

using namespace sextant;

using benchmarks::deepseek;
using benchmarks::Setting;

/// Every choice of schedule, recompute and sharding on DeepSeek-V3's degrees, all parts known: what one configuration
/// costs a search that rejects nothing. `memory`: its memory too.
void composed(benchmark::State& state, bool memory) {
  const Setting& s = deepseek();
  const sim::search::Space space = sim::search::usual_space(s.run);
  sim::search::Composer composer(s.run, space, s.parameters);
  std::int64_t candidates = 0;
  const auto every = [&] {
    sim::Parallelism degrees = s.run.parallelism;
    degrees.schedule = {};
    composer.lay_out(s.run.precision, degrees, 1);
    for (const sim::search::Pipelining& p : space.pipelining) {
      if (!composer.fills_stages(p) || !composer.pipeline(p)) continue;
      for (const sim::search::TimeClass& c : composer.time_classes()) {
        for (const std::size_t choice : c.choice) {
          composer.recompute(c, choice);
          for (const sim::search::ShardChoice& shards : space.shardings) {
            composer.shard(shards);
            ++candidates;
            benchmark::DoNotOptimize(composer.step());
            if (memory) benchmark::DoNotOptimize(composer.headroom());
          }
        }
      }
    }
  };
  every();
  candidates = 0;
  for (auto _ : state) every();
  state.counters["per_candidate"] =
      benchmark::Counter(static_cast<double>(candidates), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["candidates"] = static_cast<double>(candidates) / static_cast<double>(state.iterations());
}
BENCHMARK_CAPTURE(composed, step, false);
BENCHMARK_CAPTURE(composed, step_and_memory, true);

/// How many configurations a second were looked at, and how many in one search.
void count(benchmark::State& state, const std::vector<sim::search::SizeResult>& results) {
  sim::search::Counts all;
  for (const sim::search::SizeResult& r : results) all += r.counts;
  const auto considered = static_cast<double>(all.considered());
  state.counters["considered"] = considered;
  state.counters["considered/s"] = benchmark::Counter(considered, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["costed"] = static_cast<double>(all.costed);
  state.counters["fits"] = static_cast<double>(all.fits);
}

void run(benchmark::State& state, const sim::Run& base, const sim::search::Space& space, const std::vector<int>& sizes,
         int threads) {
  sim::search::Options options;
  options.threads = threads;
  std::vector<sim::search::SizeResult> results;
  for (auto _ : state) results = sim::search::search(base, space, sizes, deepseek().parameters, options);
  count(state, results);
}

/// DeepSeek-V3's pre-training on so many GPUs.
void search_gpus(benchmark::State& state) {
  const sim::Run& base = deepseek().run;
  run(state, base, sim::search::usual_space(base), {static_cast<int>(state.range(0))}, 1);
}
BENCHMARK(search_gpus)->RangeMultiplier(2)->Range(256, 16384)->Unit(benchmark::kMillisecond);

void search_threads(benchmark::State& state) {
  const sim::Run& base = deepseek().run;
  run(state, base, sim::search::usual_space(base), {2048}, static_cast<int>(state.range(0)));
}
BENCHMARK(search_threads)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

/// 256 to 16,384 GPUs in powers of two and three times powers of two.
void search_range(benchmark::State& state) {
  const sim::Run& base = deepseek().run;
  std::vector<int> sizes{256};
  for (int n = 256; n < 16384; n *= 2) sizes.insert(sizes.end(), {n * 3 / 2, n * 2});
  run(state, base, sim::search::usual_space(base), sizes, 1);
}
BENCHMARK(search_range)->Unit(benchmark::kMillisecond);

/// A deeper model of the same layers.
void search_layers(benchmark::State& state) {
  sim::Run base = deepseek().run;
  base.model.layer_kind.resize(static_cast<std::size_t>(state.range(0)), base.model.layer_kind.back());
  run(state, base, sim::search::usual_space(base), {2048}, 1);
}
BENCHMARK(search_layers)->Arg(16)->Arg(31)->Arg(61)->Arg(122)->Unit(benchmark::kMillisecond);

/// Spaces that leave more open: 0 the layout alone, 1 recompute too, 2 sharding and schedules too, 3 those the stack
/// cannot run as well.
void search_space(benchmark::State& state) {
  const sim::Run& base = deepseek().run;
  sim::search::Freedom freedom;
  if (state.range(0) < 1) freedom.recompute = base.recompute;
  if (state.range(0) < 2) {
    freedom.sharding = base.parallelism.sharding;
    freedom.schedule = base.parallelism.schedule;
  }
  freedom.any_schedule = freedom.any_sharding = state.range(0) > 2;
  run(state, base, sim::search::usual_space(base, freedom), {2048}, 1);
}
BENCHMARK(search_space)->DenseRange(0, 3)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
