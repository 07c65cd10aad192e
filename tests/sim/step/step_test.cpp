// SPDX-License-Identifier: Apache-2.0
// What holds for any step: terms sum, physics bounds, monotone answers.
#include "sim/step/step.hpp"

#include <string>

#include "models/counts.hpp"
#include "sim/step/timeline.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;

namespace {

const char* const shipped[] = {"deepseek-v3-2048-h800", "llama3.1-405b-16k-h100", "bloom-176b-384-a100",
                               "llama3-8b-8-h100", "llama2-70b-64-h100"};

StepEstimate step(const Run& run) { return evaluate(run, test::calibration().parameters); }

}  // namespace

TEST_CASE("terms are not negative and sum to the step") {
  for (const char* id : shipped) {
    INFO(id);
    const StepEstimate e = step(test::shipped_run(id));
    CHECK(e.terms.sum().value() == Approx(e.time.value()).epsilon(1e-12));
    for (const TermInfo& t : term_table()) {
      INFO(t.tag);
      CHECK(e.terms[t.term].value() >= 0);
    }
  }
}

TEST_CASE("no step is faster than its FLOPs at the dense peak") {
  for (const char* id : shipped) {
    INFO(id);
    const Run run = test::shipped_run(id);
    const Flops flops = models::flops_per_token(run.model, run.batch.seq_len) *
                        (static_cast<double>(run.batch.global_sequences) * run.batch.seq_len);
    const bool eight_bit = is_eight_bit_or_less(run.precision);
    const FlopRate peak = (eight_bit ? run.cluster.gpu.peak.fp8 : run.cluster.gpu.peak.bf16) * run.cluster.gpus;
    CHECK(step(run).time > flops / peak);
  }
}

TEST_CASE("the same run gives the same bits, with a fresh or a used workspace") {
  StepWorkspace workspace;
  for (const char* id : shipped) {
    const Run run = test::shipped_run(id);
    const StepEstimate first = evaluate(run, test::calibration().parameters, workspace);
    const StepEstimate again = evaluate(run, test::calibration().parameters, workspace);
    CHECK(first.time == again.time);
    CHECK(first.time == step(run).time);
  }
}

TEST_CASE("more work takes longer, better hardware does not") {
  for (const char* id : shipped) {
    INFO(id);
    const Run run = test::shipped_run(id);
    const Seconds base = step(run).time;

    Run larger_batch = run;
    larger_batch.batch.global_sequences *= 2;
    CHECK(step(larger_batch).time > base);

    Run longer = run;
    longer.batch.seq_len *= 2;
    // Twice the tokens; larger GEMMs and fewer launches a token may save some of it, never a third.
    CHECK(step(longer).time > base * (2.0 * 2 / 3));

    Run recomputing = run;
    recomputing.recompute.mode = RecomputeMode::full;
    CHECK(step(recomputing).time >= base * 0.999);

    Run faster_memory = run;
    faster_memory.cluster.gpu.hbm *= 2.0;
    CHECK(step(faster_memory).time <= base);

    Run faster_network = run;
    faster_network.cluster.nic_per_gpu *= 2.0;
    CHECK(step(faster_network).time <= base * 1.000001);

    Run less_nvlink = run;
    less_nvlink.cluster.gpu.nvlink *= 0.5;
    less_nvlink.cluster.gpu.nvlink_links = std::max(1, less_nvlink.cluster.gpu.nvlink_links / 2);
    CHECK(step(less_nvlink).time >= base * 0.999999);
  }
}

TEST_CASE("the timeline of a step ends where the step's pipeline does") {
  const Run run = test::shipped_run("llama3.1-405b-16k-h100");
  const StepTimeline shown = step_timeline(run, test::calibration().parameters);
  const StepEstimate e = step(run);
  Seconds pipeline = e.time;
  for (const Term t : {Term::gradient_comm, Term::optimizer, Term::fixed, Term::straggler}) pipeline -= e.terms[t];
  CHECK(shown.timeline.makespan.value() == Approx(pipeline.value()).epsilon(1e-9));
}

TEST_CASE("GPUs that only differ in NVLink differ only where NVLink works") {
  // H800 is H100 with NVLink cut from 900 to 400 GB/s (US export rules of October 2022).
  const Run run = test::shipped_run("llama3.1-405b-16k-h100");
  Run cut = run;
  cut.cluster.gpu.nvlink = ByteRate{200e9};
  cut.cluster.gpu.nvlink_links = 8;
  const StepEstimate full = step(run);
  const StepEstimate less = step(cut);
  CHECK(less.terms[Term::gemm] == full.terms[Term::gemm]);
  CHECK(less.terms[Term::attention] == full.terms[Term::attention]);
  CHECK(less.terms[Term::tensor_comm] > full.terms[Term::tensor_comm] * 1.3);
}
