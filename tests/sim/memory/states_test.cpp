// SPDX-License-Identifier: Apache-2.0
// Bytes of weights, gradients and optimizer states against published tables.
#include "sim/memory/states.hpp"
#include "models/counts.hpp"
#include "sim/memory/memory.hpp"
#include "tests/sim/memory/runs.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::test;

namespace {

Run small(Precision precision, Sharding sharding, int dp) {
  Run run = megatron({24, 2048, 16}, 1, 1, 1, dp);
  run.precision = precision;
  run.parallelism.sharding = sharding;
  run.parallelism.dp = dp;
  run.cluster.gpus = dp;
  run.stack.memory.flattens_step_gradients = true;  // the tables count the step's fp32 gradients
  return run;
}

double bytes_per_parameter(const Run& run) {
  const MemoryTerms t = memory(run).ranks[0];
  const Bytes states = t[MemoryTerm::weights] + t[MemoryTerm::gradients] + t[MemoryTerm::optimizer];
  return states.value() / models::parameter_counts(run.model).total;
}

}  // namespace

// Megatron-LM, docs of the distributed optimizer: theoretical bytes a parameter.
//   fp16 parameters, fp16 gradients: 20, distributed 4 + 16/d
//   bf16 parameters, fp32 gradients: 18, distributed 6 + 12/d
TEST_CASE("states take the bytes of Megatron-LM's table") {
  CHECK(bytes_per_parameter(small(Precision::fp16, Sharding::none, 8)) == Approx(20));
  CHECK(bytes_per_parameter(small(Precision::bf16, Sharding::none, 8)) == Approx(18));
  for (const int d : {2, 8, 64}) {
    INFO("d = " << d);
    CHECK(bytes_per_parameter(small(Precision::fp16, Sharding::zero1, d)) == Approx(4 + 16.0 / d));
    CHECK(bytes_per_parameter(small(Precision::bf16, Sharding::zero1, d)) == Approx(6 + 12.0 / d));
  }
}

// ZeRO (arXiv:1910.02054, figure 1): stage 3 divides all 16 bytes (2 + 2 + 12); what stays whole is under way only.
TEST_CASE("ZeRO-2 and ZeRO-3 divide gradients and weights too") {
  const double n = models::parameter_counts(small(Precision::bf16, Sharding::none, 1).model).total;
  const int d = 16;
  const MemoryTerms two = memory(small(Precision::bf16, Sharding::zero2, d)).ranks[0];
  const MemoryTerms three = memory(small(Precision::bf16, Sharding::zero3, d)).ranks[0];
  CHECK(two[MemoryTerm::weights].value() == Approx(2 * n));
  CHECK(three[MemoryTerm::weights].value() == Approx(2 * n / d));
  CHECK(three[MemoryTerm::optimizer].value() == Approx(12 * n / d));
  CHECK(three[MemoryTerm::gathered_weights].value() > 0);
  // The whole 16-bit gradient of the largest unit stands beside the shards: here the tables, 51200 + 2048 rows.
  CHECK(two[MemoryTerm::gradients].value() == Approx(4 * n / d + 2.0 * (51200 + 2048) * 2048));
}

// What the step copies comes when the activations are gone: with more activations than copies it costs nothing.
TEST_CASE("the step's fp32 gradients reuse the activations' memory") {
  Run run = small(Precision::fp16, Sharding::none, 8);
  run.stack.memory.flattens_step_gradients = false;
  const double n = models::parameter_counts(run.model).total;
  const MemoryTerms roomy = memory(run).ranks[0];
  REQUIRE(roomy.of(MemoryClass::activations).value() > 4 * n);
  CHECK(roomy[MemoryTerm::optimizer].value() == Approx(12 * n));
  run.recompute.mode = RecomputeMode::full;
  const MemoryTerms tight = memory(run).ranks[0];
  const double activations = tight.of(MemoryClass::activations).value();
  REQUIRE(activations < 4 * n);
  CHECK(tight[MemoryTerm::optimizer].value() == Approx(16 * n - activations));
}

// Parameters, gradients and moments of PyTorch FSDP are fp32 and sharded: 16 bytes over the group (arXiv:2304.11277).
TEST_CASE("a stack that keeps fp32 weights has no master copy") {
  Run run = small(Precision::bf16, Sharding::zero3, 8);
  run.stack.memory.weight_bytes = 4;
  run.stack.memory.master_bytes = 0;
  const MemoryTerms t = memory(run).ranks[0];
  const double n = models::parameter_counts(run.model).total;
  const double whole_gradient = 2.0 * (51200 + 2048) * 2048;
  const Bytes states = t[MemoryTerm::weights] + t[MemoryTerm::gradients] + t[MemoryTerm::optimizer];
  CHECK(states.value() == Approx(16 * n / 8 + whole_gradient));
}

TEST_CASE("hybrid sharding divides by its group, whatever dp is") {
  Run run = small(Precision::bf16, Sharding::hsdp, 64);
  run.parallelism.sharding_group = 8;
  CHECK(shard_groups(run, false).optimizer == 8);
  CHECK(shard_groups(run, false).weights == 8);
  run.parallelism.dp = 4;
  CHECK(shard_groups(run, false).optimizer == 4);
}

// Experts are replicated over edp = dp cp tp/(ep etp) only; ZeRO-1 divides their optimizer states by that.
TEST_CASE("expert states shard over the expert data-parallel ranks") {
  Run run = small(Precision::bf16, Sharding::zero1, 64);
  run.parallelism.ep = 16;
  CHECK(shard_groups(run, true).optimizer == 4);
  CHECK(shard_groups(run, false).optimizer == 64);
}

TEST_CASE("tied tables are one tensor where both ends of the model meet") {
  Run run = megatron({24, 2048, 16}, 1, 1, 1, 8);
  const double table = 51200.0 * 2048;
  const double tied = memory(run).ranks[0][MemoryTerm::weights].value();
  run.model.tied_embeddings = false;
  CHECK(memory(run).ranks[0][MemoryTerm::weights].value() - tied == Approx(2 * table));
  // Over two stages each end holds one, tied or not.
  run.parallelism.pp = 2;
  const double apart = memory(run).ranks[1][MemoryTerm::weights].value();
  run.model.tied_embeddings = true;
  CHECK(memory(run).ranks[1][MemoryTerm::weights].value() == apart);
}

// arXiv:2412.19437, table 2: DualPipe keeps twice the parameters, one stage for each direction.
TEST_CASE("DualPipe doubles the weights of a rank") {
  Run run = megatron({32, 2048, 16}, 1, 8, 1, 64);
  const double single = memory(run).ranks[3][MemoryTerm::weights].value();
  run.parallelism.schedule = Schedule::dualpipe;
  CHECK(memory(run).ranks[3][MemoryTerm::weights].value() == Approx(2 * single));
}
