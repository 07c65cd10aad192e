// SPDX-License-Identifier: Apache-2.0
// A search asks for a few collectives of every candidate: each must stay in the tens of nanoseconds.
#include <benchmark/benchmark.h>

#include "sim/comm/collectives.hpp"
#include "sim/comm/expert_exchange.hpp"
#include "sim/comm/layout.hpp"

namespace {

using namespace sextant;
using namespace sextant::literals;
using namespace sextant::sim::comm;

Fabric h100() { return usual_fabric(hardware::Architecture::hopper, 450_GBps, 18, 8, 50_GBps); }

/// Sizes that differ from call to call, 1 to 64 MB.
Bytes next(Bytes bytes) { return bytes > 64_MB ? 1_MB : bytes * 1.01; }

template <Time (*collective)(const Fabric&, const Group&, Bytes)>
void call(benchmark::State& state) {
  const Fabric fabric = h100();
  const Group group = packed_group(fabric, static_cast<int>(state.range(0)));
  Bytes bytes = 1_MB;
  for (auto _ : state) {
    benchmark::DoNotOptimize(collective(fabric, group, bytes));
    bytes = next(bytes);
  }
}
BENCHMARK(call<all_reduce>)->Name("comm/all_reduce")->Arg(8)->Arg(256);
BENCHMARK(call<all_gather>)->Name("comm/all_gather")->Arg(8)->Arg(256);
BENCHMARK(call<all_to_all>)->Name("comm/all_to_all")->Arg(64);
BENCHMARK(call<send_recv>)->Name("comm/send_recv")->Arg(2);

void exchange(benchmark::State& state) {
  const Fabric fabric = h100();
  const Group group = packed_group(fabric, 64);
  double tokens = 1024;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        expert_exchange(fabric, group, {256, 8, 4}, Dispatcher::deduplicated, tokens, Bytes{7392}));
    tokens = tokens > 8192 ? 1024 : tokens + 1;
  }
}
BENCHMARK(exchange)->Name("comm/expert_exchange");

void groups(benchmark::State& state) {
  const Fabric fabric = h100();
  Layout layout;
  layout.tp = 2;
  layout.pp = 4;
  layout.ep = 8;
  for (auto _ : state) {
    layout.dp = layout.dp > 512 ? 8 : layout.dp * 2;
    benchmark::DoNotOptimize(groups_of(layout, fabric));
  }
}
BENCHMARK(groups)->Name("comm/groups");

}  // namespace
