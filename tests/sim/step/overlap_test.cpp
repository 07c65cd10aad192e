// SPDX-License-Identifier: Apache-2.0
// Communication beside compute: what no arrangement can beat, what none can be worse than, and which waits for which.
#include "sim/step/overlap.hpp"

#include <string>

#include "sim/step/step.hpp"
#include "sim/step/step_parts.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::literals;
using namespace sextant::sim;

namespace {

constexpr Contention contended{0.136, 0.48};

Run run_of_7b(const std::string& stack, const std::string& parallelism, const std::string& more = "") {
  return test::run_of(R"({"model": "llama-2-7b", "cluster": {"gpu": "H100-SXM-80GB", "gpus": 64}, "stack": ")" + stack +
                      R"(", "parallelism": )" + parallelism +
                      R"(, "batch": {"seq_len": 4096, "global_sequences": 512})" + more + "}");
}

StepEstimate step(const Run& run) { return evaluate(run, test::calibration().parameters); }

}  // namespace

TEST_CASE("compute and communication together take the longer of both at least, and their sum at most") {
  const Seconds compute{1.0};
  Seconds before;
  for (double c = 0.0; c <= 4.0; c += 0.05) {
    const Seconds added = exposed(compute, Seconds{c}, contended);
    CHECK(added >= before);  // more communication never takes less time
    CHECK(compute + added >= max(compute, Seconds{c}));
    CHECK(added <= Seconds{c + 1e-12});
    before = added;
  }
  CHECK(exposed(compute, Seconds{}, contended) == Seconds{});
  CHECK(exposed(Seconds{}, Seconds{2.0}, contended).value() == Approx(2.0));
}

TEST_CASE("the rates while both run are those of the contention: worked out by hand") {
  // 1 s of compute takes 1.136 s beside communication, which gets on by 1.136 / 1.48 = 0.7676 s meanwhile.
  CHECK(exposed(Seconds{1.0}, Seconds{1.7676}, contended).value() == Approx(1.0 + 0.136).epsilon(1e-4));
  // 0.2 s of communication takes 0.296 s, in which compute does 0.296 / 1.136 = 0.2606 s: 0.0354 s are lost.
  CHECK(exposed(Seconds{1.0}, Seconds{0.2}, contended).value() == Approx(0.0354).epsilon(1e-2));
  const Contention none;
  CHECK(exposed(Seconds{1.0}, Seconds{0.9}, none).value() == 0.0);
  CHECK(exposed(Seconds{1.0}, Seconds{1.5}, none).value() == Approx(0.5));
}

TEST_CASE("in one piece nothing overlaps; in many pieces nearly all does") {
  const Seconds whole = exposed_in_pieces(Seconds{1.0}, Seconds{0.5}, 1, contended);
  CHECK(whole.value() == Approx(0.5));
  Seconds before = whole;
  for (const double pieces : {2.0, 4.0, 16.0, 256.0}) {
    const Seconds added = exposed_in_pieces(Seconds{1.0}, Seconds{0.5}, pieces, contended);
    CHECK(added < before);
    CHECK(added >= exposed(Seconds{1.0}, Seconds{0.5}, contended));
    before = added;
  }
}

TEST_CASE("tensor collectives: overlapped beats beside weight gradients beats waiting") {
  const std::string tp = R"({"tp": 8, "sequence_parallel": true})";
  const Seconds collectives{2e-3};
  const Passes gemms{4e-3_s, 8e-3_s};
  const auto total = [&](const Run& run) {
    const Passes p = exposed_tensor(run, collectives, gemms, 4e-3_s, contended);
    return p.forward + p.backward;
  };
  Run old = run_of_7b("megatron-core", tp);
  old.stack.tensor_backward = Overlap::exposed;
  const Run usual = run_of_7b("megatron-core", tp);
  const Run hidden = run_of_7b("megatron-core", tp, R"(, "features": ["tp-comm-overlap"])");
  CHECK(total(old) == collectives * 2.0);
  CHECK(total(usual) < total(old));
  CHECK(total(usual) > collectives * 1.5);  // the whole forward, and half of the backward, wait
  CHECK(total(hidden) < total(usual));
  CHECK(step(hidden).terms[Term::tensor_comm] < step(usual).terms[Term::tensor_comm]);
}

TEST_CASE("GEMMs beside a gather run in pieces, which fill the GPU less well") {
  const std::string tp = R"({"tp": 8, "sequence_parallel": true})";
  const StepEstimate whole = step(run_of_7b("megatron-core", tp));
  const StepEstimate pieces = step(run_of_7b("megatron-core", tp, R"(, "features": ["tp-comm-overlap"])"));
  CHECK(pieces.terms[Term::gemm] > whole.terms[Term::gemm]);
}

TEST_CASE("ZeRO-3: gathers ahead in both passes beat the forward alone, and that beats none") {
  const ShardTraffic traffic{Seconds{0.1}, Seconds{0.1}};
  const Passes compute{Seconds{1.0}, Seconds{2.0}};
  Run run = run_of_7b("pytorch-fsdp", R"({"sharding": "zero3"})");
  const auto added = [&](ShardPrefetch prefetch) {
    run.stack.shard_prefetch = prefetch;
    const Passes p = exposed_shards(run, traffic, compute, 32, contended);
    return p.forward + p.backward;
  };
  CHECK(added(ShardPrefetch::both_passes) < added(ShardPrefetch::none));
  CHECK(added(ShardPrefetch::both_passes) < added(ShardPrefetch::forward_pass));
  CHECK(added(ShardPrefetch::forward_pass) < traffic.gather * 2.0 + traffic.scatter);
  CHECK(added(ShardPrefetch::none) < traffic.gather * 2.0 + traffic.scatter);
}

TEST_CASE("a run that says it gathers parameters ahead waits less than its stack's default") {
  const std::string zero3 = R"({"sharding": "zero3"})";
  const StepEstimate usual = step(run_of_7b("jax-maxtext", zero3));
  const StepEstimate ahead = step(run_of_7b("jax-maxtext", zero3, R"(, "features": ["xla-latency-hiding"])"));
  CHECK(ahead.terms[Term::shard_comm] < usual.terms[Term::shard_comm]);
}

TEST_CASE("1F1B waits for its sends, DualPipe does not") {
  Run run = run_of_7b("megatron-core", R"({"pp": 4})");
  CHECK(sends_block(run));
  CHECK(send_cost(run, 1_s, contended) == 1_s);
  run.parallelism.schedule = Schedule::dualpipe;
  CHECK_FALSE(sends_block(run));
  CHECK(send_cost(run, 1_s, contended).value() < 0.2);
}

TEST_CASE("each tensor-parallel rank sends its share of the hidden states") {
  // Megatron-LM's scatter-gather: an eighth of the bytes over the network, then a gather in the node.
  const auto hop = [](const std::string& parallelism) {
    const Run run = run_of_7b("megatron-core", parallelism);
    return step_parts(run, test::calibration().parameters).hop;
  };
  const Seconds whole = hop(R"({"pp": 2, "tp": 1})");
  const Seconds shares = hop(R"({"pp": 2, "tp": 8, "sequence_parallel": true})");
  const Seconds gathered = hop(R"({"pp": 2, "tp": 8, "sequence_parallel": false})");
  CHECK(shares < whole * 0.5);
  CHECK(gathered > shares);
  CHECK(gathered < whole);
}

TEST_CASE("exchange that overlaps takes the pairs' schedule, and a step without a pipeline pairs as well") {
  const auto moe = [](const std::string& parallelism, const std::string& features) {
    return test::run_of(R"({"model": "mixtral-8x7b", "cluster": {"gpu": "H100-SXM-80GB", "gpus": 64},
      "stack": "megatron-core", "batch": {"seq_len": 4096, "global_sequences": 512}, "parallelism": )" +
                        parallelism + R"(, "features": [)" + features + "]}");
  };
  const std::string interleaved = R"({"pp": 2, "vp": 2, "ep": 8})";
  CHECK(moe(interleaved, "").parallelism.schedule == Schedule::interleaved);
  CHECK(moe(interleaved, R"("ep-a2a-overlap")").parallelism.schedule == Schedule::interleaved_overlap);
  CHECK(step(moe(interleaved, R"("ep-a2a-overlap")")).time < step(moe(interleaved, "")).time);
  const std::string flat = R"({"ep": 8})";
  CHECK(step(moe(flat, R"("ep-a2a-overlap")")).time < step(moe(flat, "")).time);
}
