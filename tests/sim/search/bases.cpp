// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/search/bases.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/embedded.hpp"
#include "sim/memory/feasibility.hpp"
#include "sim/run/stated_run.hpp"
#include "sim/step/pipeline.hpp"
#include "sim/workload/stage_layout.hpp"
#include "tests/support/catch.hpp"

namespace sextant::sim::test {

Run base_run(const std::string& model, const std::string& gpu, int gpus, const std::string& stack, int seq_len,
             int global_sequences, Precision precision) {
  Diagnostics faults;
  const Catalogue catalogue = Catalogue::open(embedded_files(), "", faults);
  const std::string text = fmt::format(
      R"({{"model": "{}", "cluster": {{"gpu": "{}", "gpus": {}}}, "stack": "{}",
          "batch": {{"seq_len": {}, "global_sequences": {}}}}})",
      model, gpu, gpus, stack, seq_len, global_sequences);
  INFO(text);
  const auto node = json::parse(text, "base", faults);
  REQUIRE(node);
  const std::string file = "base";
  const auto stated = read_run(json::Cursor(*node, file, faults), catalogue);
  INFO(faults.text());
  REQUIRE(stated);
  auto run = complete(*stated, catalogue, faults, {file, 0, "", "", ""});
  REQUIRE(run);
  run->precision = precision;
  return *run;
}

Run read_back(const std::string& text) {
  Diagnostics faults;
  const Catalogue catalogue = Catalogue::open(embedded_files(), "", faults);
  const std::string file = "run";
  INFO(text);
  const auto node = json::parse(text, file, faults);
  REQUIRE(node);
  const auto stated = read_run(json::Cursor(*node, file, faults), catalogue);
  INFO(faults.text());
  REQUIRE(stated);
  const auto run = complete(*stated, catalogue, faults, {file, 0, "", "", ""});
  REQUIRE(run);
  REQUIRE(faults.empty());
  return *run;
}

std::vector<Run> base_runs() {
  return {base_run("deepseek-v3", "h800", 512, "hai-llm", 4096, 3840, Precision::fp8),
          base_run("deepseek-v3", "h100", 256, "megatron-core", 4096, 1024, Precision::fp8_blockwise),
          base_run("mixtral-8x7b", "h100", 64, "megatron-core", 8192, 256),
          base_run("llama3-70b", "h100", 128, "meta-4d", 8192, 384),
          base_run("llama3-8b", "a100", 48, "pytorch-fsdp2", 16384, 96),
          base_run("llama2-70b", "a100", 64, "megatron-lm", 4096, 128),
          base_run("llama3-8b", "h100", 16, "deepspeed", 8192, 64)};
}

bool whole(const search::Space& space, const Run& run) {
  const Parallelism& p = run.parallelism;
  if (broken_rule(run) || search::excluded(space, p) || !search::fills_stages(run.model, p)) return false;
  if (p.pp == 1) return true;
  const int microbatches = static_cast<int>(std::lround(run.microbatches()));
  return schedule_row(p.schedule).refusal({p.pp, chunks_per_rank(p), microbatches, 0}).empty();
}

Run any_whole_run(const search::Space& space, const Run& base, Random& random) {
  Run run = base;
  Parallelism& p = run.parallelism;
  for (int attempt = 0; attempt < 1'000'000; ++attempt) {
    if (!search::set_degrees(run, any_of(space.tp, random), any_of(space.cp, random), any_of(space.pp, random)))
      continue;
    p.ep = any_of(space.ep, random);
    p.etp = any_of(space.etp, random);
    run.precision = any_of(space.precisions, random);
    run.batch.micro_sequences = any_of(space.micro_sequences, random);
    const search::Pipelining& pipelining = any_of(pipelinings(space, p.pp), random);
    p.schedule = pipelining.schedule;
    p.vp = pipelining.vp;
    const search::ShardChoice& shards = any_of(space.shardings, random);
    p.sharding = shards.sharding;
    p.sharding_group = shards.group;
    run.recompute = any_of(space.recompute, random);
    if (whole(space, run) && !search::redundant(space, run)) return run;
  }
  FAIL("no whole run in the space");
  return run;
}

}  // namespace sextant::sim::test
