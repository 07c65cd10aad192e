// SPDX-License-Identifier: Apache-2.0
// Activation memory against the closed forms of "Reducing Activation Recomputation in Large Transformer Models",
// arXiv:2205.05198. s: sequence, b: micro-batch, h: hidden, a: heads, t: tp; the formulas are written out here once
// more, independently of the program.
#include "models/counts.hpp"
#include "sim/memory/activations.hpp"
#include "sim/memory/memory.hpp"
#include "tests/sim/memory/runs.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::test;

namespace {

struct Symbols {
  double s, b, h, a, t, v, L, p, m;
  [[nodiscard]] double sbh() const { return s * b * h; }
  [[nodiscard]] double scores() const { return 5 * a * s / h; }
};

Symbols symbols(const PaperRun& r) {
  return {static_cast<double>(r.gpt.seq_len), static_cast<double>(r.micro),  static_cast<double>(r.gpt.hidden),
          static_cast<double>(r.gpt.heads),   static_cast<double>(paper_tp), static_cast<double>(r.gpt.vocab),
          static_cast<double>(r.gpt.layers),  static_cast<double>(r.pp),     static_cast<double>(r.interleave)};
}

double one_layer(const Run& run) {
  const LayerActivations a = layer_activations(run, run.model.kinds[0]);
  return (run.recompute.mode == RecomputeMode::full ? a.boundary : a.kept).value();
}

/// The first stage of 1F1B holds p micro-batches of L/p layers: L. Interleaved, L (1 + (p - 1)/(p m)); section 4.2.3.
double layers_held(const Symbols& k) { return k.m > 1 ? k.L * (1 + (k.p - 1) / (k.p * k.m)) : k.L; }

}  // namespace

TEST_CASE("the models of table 3 have the parameters their names say") {
  for (const PaperRun& r : paper_runs) {
    INFO(r.name);
    CHECK(models::parameter_counts(gpt(r.gpt)).total / 1e9 == Approx(r.parameters_b).epsilon(0.015));
  }
}

TEST_CASE("one layer keeps what equations 1 to 4 and table 2 say") {
  for (const PaperRun& r : paper_runs) {
    INFO(r.name);
    const Symbols k = symbols(r);
    Run run = paper_run(r);
    run.parallelism.tp = 1;
    CHECK(one_layer(run) == Approx(k.sbh() * (34 + k.scores())));  // equation 1
    run.parallelism.tp = paper_tp;
    CHECK(one_layer(run) == Approx(k.sbh() * (10 + 24 / k.t + k.scores() / k.t)));  // equation 2
    run.parallelism.sequence_parallel = true;
    CHECK(one_layer(run) == Approx(k.sbh() / k.t * (34 + k.scores())));  // equation 4
    sequence_parallel_and_selective(run);
    CHECK(one_layer(run) == Approx(34 * k.sbh() / k.t));  // equation 6, a layer
    run.parallelism.sequence_parallel = false;
    CHECK(one_layer(run) == Approx(k.sbh() * (10 + 24 / k.t)));
    run.recompute.mode = RecomputeMode::full;
    CHECK(one_layer(run) == Approx(2 * k.sbh()));
    run.parallelism.sequence_parallel = true;
    CHECK(one_layer(run) == Approx(2 * k.sbh() / k.t));
  }
}

TEST_CASE("the first stage holds the micro-batches of its schedule") {
  for (const PaperRun& r : paper_runs) {
    INFO(r.name);
    const Symbols k = symbols(r);
    Run run = paper_run(r);
    sequence_parallel_and_selective(run);
    const MemoryEstimate e = memory(run);
    CHECK(e.ranks[0][MemoryTerm::layers].value() == Approx(34 * k.sbh() / k.t * layers_held(k)));
    run.recompute.mode = RecomputeMode::full;
    CHECK(memory(run).ranks[0][MemoryTerm::layers].value() == Approx(2 * k.sbh() / k.t * layers_held(k)));
  }
}

// Figure 7: either technique alone roughly halves the memory of tensor parallelism, both leave under or about a fifth,
// full recompute about a tenth. 22B: as/h = 21.3, baseline 10 + 3 + 13.3 = 26.3 sbh; with sequence parallelism 17.6
// (67 %), selective 13 (49 %), both 4.25 (16 %), full 2 (8 %).
TEST_CASE("figure 7's shares of the tensor-parallel baseline come out") {
  for (const PaperRun& r : paper_runs) {
    INFO(r.name);
    Run run = paper_run(r);
    const double baseline = one_layer(run);
    run.parallelism.sequence_parallel = true;
    const double sequence = one_layer(run) / baseline;
    CHECK(sequence > 0.5);
    CHECK(sequence < 0.7);
    run.parallelism.sequence_parallel = false;
    run.recompute.mode = RecomputeMode::selective;
    run.recompute.modules.add(Module::core_attn);
    const double selective = one_layer(run) / baseline;
    CHECK(selective > 0.45);
    CHECK(selective < 0.65);
    run.parallelism.sequence_parallel = true;
    CHECK(one_layer(run) / baseline < 0.205);
    run.parallelism.sequence_parallel = false;
    run.recompute.mode = RecomputeMode::full;
    CHECK(one_layer(run) / baseline == Approx(0.09).margin(0.02));
  }
}

// Figure 1: without the paper's techniques none of the four fits an A100 of 80 GB, with them all do. Its bars of
// parameters and optimizer state (20 bytes a parameter in fp16) stay below the line.
TEST_CASE("the four runs fit 80 GB with the paper's techniques and not without") {
  for (const PaperRun& r : paper_runs) {
    INFO(r.name);
    Run run = paper_run(r);
    CHECK_FALSE(memory(run).fits());
    sequence_parallel_and_selective(run);
    CHECK(memory(run).fits());
    run.recompute.mode = RecomputeMode::full;
    CHECK(memory(run).fits());
  }
}

// Section 4.3: embedding dropout sbh p/t on the first stage; final norm and head 4 sbh/t and fp32 logits 4 sbv/t on the
// last. One pipeline stage of the 22B model holds both. At the loss the logits' 16-bit gradient joins, 6 sbv/t; the
// layers' backward passes come later, so only the larger of the two is in the peak.
TEST_CASE("embedding and head add what section 4.3 says") {
  Run run = paper_run(paper_runs[0]);
  sequence_parallel_and_selective(run);
  const Symbols k = symbols(paper_runs[0]);
  const MemoryTerms scores = memory(run).ranks[0];
  CHECK(scores[MemoryTerm::embedding].value() == Approx(k.sbh() / k.t));
  CHECK(scores[MemoryTerm::head].value() == Approx(4 * k.sbh() / k.t));
  CHECK(scores[MemoryTerm::recomputed].value() == Approx(k.sbh() * k.scores() / k.t));
  run.attention = AttentionKernel::fused;  // no scores to bring back
  run.model.vocab *= 2;
  const MemoryTerms loss = memory(run).ranks[0];
  CHECK(loss[MemoryTerm::head].value() == Approx(4 * k.sbh() / k.t + 6 * k.s * k.b * 2 * k.v / k.t));
  CHECK(loss[MemoryTerm::working].value() == 0);
}

TEST_CASE("a model without LayerNorm has no dropout masks") {
  Run run = megatron({48, 6144, 64}, 1, 1, 4, 4);
  const double with = one_layer(run);
  run.model.norm_vectors = 1;
  const double sbh = 2048.0 * 4 * 6144;
  const double score_elements = 64.0 * 4 * 2048 * 2048;
  // Two masks of the hidden state; of the scores the mask and the dropped-out copy.
  CHECK(with - one_layer(run) == Approx(2 * sbh + 3 * score_elements));
}
