// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/feasibility.hpp"

#include <algorithm>

#include "tests/sim/memory/runs.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::test;

namespace {

Run gpt_175b() {
  Run run = megatron({96, 12288, 96}, 8, 8, 1, 512);
  run.cluster.gpus = 512;
  run.cluster.nvlink_domain = 8;
  run.parallelism.dp = 8;
  run.parallelism.sharding = Sharding::zero1;
  return run;
}

Run mixtral_like() {
  Run run = gpt_175b();
  models::Mlp& m = run.model.kinds[0].mlp;
  m.kind = models::Mlp::Kind::moe;
  m.ffn = 0;
  m.experts = 8;
  m.experts_per_token = 2;
  m.expert_ffn = 4096;
  run.parallelism.ep = 8;
  return run;
}

std::string only_reason(const Run& run) {
  const std::vector<Infeasible> faults = layout_faults(run);
  REQUIRE(faults.size() == 1);
  CHECK(broken_rule(run).has_value());
  return faults[0].reason + "; " + faults[0].hint;
}

}  // namespace

TEST_CASE("a whole layout breaks no rule") {
  CHECK_FALSE(broken_rule(gpt_175b()));
  CHECK_FALSE(broken_rule(mixtral_like()));
  for (const PaperRun& r : paper_runs) CHECK_FALSE(broken_rule(paper_run(r)));
}

TEST_CASE("each broken rule says so with numbers and what would do") {
  Run run = gpt_175b();
  run.cluster.gpus = 500;
  CHECK(only_reason(run) == "tp 8 x pp 8 x cp 1 x dp 8 = 512 ranks, the cluster has 500 GPUs; dp 7 uses 448 of them");

  run = gpt_175b();
  run.model.kinds[0].attention.heads = run.model.kinds[0].attention.kv_heads = 100;
  CHECK(only_reason(run) == "tp 8 does not divide 100 heads; tp 5 or 10 does");

  run = gpt_175b();
  run.batch.global_sequences = 500;
  CHECK(only_reason(run) ==
        "500 sequences a step do not divide into dp 8 x micro-batches of 1; 496 or 504 sequences do");

  run = mixtral_like();
  run.parallelism.ep = 3;
  const std::vector<Infeasible> faults = layout_faults(run);
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].reason == "ep 3 does not divide 8 experts");
  CHECK(faults[0].hint == "ep 2 or 4 does");
  CHECK(faults[1].reason == "ep 3 x etp 1 does not divide the tp 8 x cp 1 x dp 8 = 64 ranks of a pipeline stage");

  run = gpt_175b();
  run.parallelism.vp = 16;
  run.parallelism.schedule = sim::Schedule::interleaved;
  CHECK(only_reason(run) == "96 layers do not fill pp 8 x 16 chunks = 128 virtual stages; at most 96 stages");

  run = gpt_175b();
  run.parallelism.ep = 4;
  CHECK(only_reason(run) == "ep 4, and the model has no experts; ep 1");

  run = gpt_175b();
  run.parallelism.dp = 0;
  CHECK(only_reason(run) == "every degree of parallelism and every batch size is at least 1; ");
}

TEST_CASE("a run that does not fit names its parts and the nearest change that fits") {
  Run run = gpt_175b();
  run.batch.micro_sequences = 2;
  const MemoryEstimate e = memory(run);
  REQUIRE_FALSE(e.fits());
  const std::optional<Infeasible> fault = memory_fault(run, e);
  REQUIRE(fault);
  CHECK(fault->kind == Infeasible::Kind::memory);
  CHECK(fault->reason.find("of 80.0 GB on pipeline rank 0: activations ") != std::string::npos);
  CHECK(fault->hint.find("fits with ") == 0);
  const std::optional<Remedy> remedy = find_remedy(run);
  REQUIRE(remedy);
  CHECK(memory(remedy->run).fits());
  CHECK(memory(remedy->run).total() == remedy->total);
  CHECK_FALSE(broken_rule(remedy->run));
}

// Least harm first: where sequence parallelism alone is enough, nobody is sent to full recompute.
TEST_CASE("the remedy is the least harmful one that is enough") {
  Run run = gpt_175b();
  run.recompute.mode = RecomputeMode::selective;
  run.recompute.modules.add(Module::core_attn);
  run.cluster.gpu.memory = memory(run).total() - Bytes{1.0};
  const std::optional<Remedy> remedy = find_remedy(run);
  REQUIRE(remedy);
  CHECK(remedy->change == "sequence parallelism");
}

// Without recompute the scores weigh most: 175B needs to drop them and what is cheap beside them.
TEST_CASE("a remedy says which modules to recompute") {
  Run run = gpt_175b();
  run.parallelism.sequence_parallel = true;
  run.batch.micro_sequences = 2;
  const std::optional<Remedy> remedy = find_remedy(run);
  REQUIRE_FALSE(memory(run).fits());
  REQUIRE(remedy);
  CHECK(remedy->change == "selective recompute of core_attn, layernorm, activation");
}

TEST_CASE("a run that no change can save says so") {
  Run run = megatron({96, 12288, 96}, 1, 1, 1, 1);
  const std::vector<Infeasible> faults = infeasibilities(run);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].hint == "no change of layout or recompute on these GPUs fits");
}

TEST_CASE("a run that fits is no fault") {
  Run run = gpt_175b();
  sequence_parallel_and_selective(run);
  CHECK(infeasibilities(run).empty());
}

TEST_CASE("where no single change is enough the remedy is two") {
  // 131,072 tokens of an 8 B model on 8 GPUs of 80 GB: with full recompute alone the logits and one layer's work are
  // too much, with cp 8 alone what the layers keep (32 layers x 34 bytes x 4096 x 16,384 tokens = 73 GB).
  Run run = megatron({32, 4096, 32}, 1, 1, 1, 8);
  run.cluster.gpus = 8;
  run.cluster.nvlink_domain = 1;  // no tp
  run.parallelism.dp = 8;
  run.parallelism.sharding = Sharding::zero1;
  run.attention = AttentionKernel::fused;
  run.batch.seq_len = 131072;
  run.model.layer_kind.assign(32, 0);
  const std::optional<Remedy> remedy = find_remedy(run);
  REQUIRE(remedy);
  INFO(remedy->change);
  CHECK(memory(remedy->run).fits());
  CHECK(remedy->change.find(", ") != std::string::npos);
  CHECK_FALSE(broken_rule(remedy->run));
}
