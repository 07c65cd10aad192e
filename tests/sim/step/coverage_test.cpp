// SPDX-License-Identifier: Apache-2.0
// What do measured kernels change: how much of a run they cover, and the time of the terms they replace?
#include "sim/step/coverage.hpp"

#include <algorithm>
#include <memory>

#include "sim/step/step.hpp"
#include "tests/sim/step/setting.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using hardware::KernelFamily;
using hardware::KernelPass;
using hardware::KernelProfile;

namespace {

constexpr double rate = 1e14;  // FLOP/s of every fake sample

Run llama_16_bit() {
  Run run = test::shipped_run("llama3-8b-8-h100");
  run.precision = Precision::bf16;
  run.attention = AttentionKernel::fused;
  return run;
}

StepEstimate step(const Run& run) { return evaluate(run, test::calibration().parameters); }

std::vector<KernelEvidence> evidence(const Run& run) { return kernel_evidence(run, test::calibration().parameters); }

/// Layers that a list's FLOPs are summed over.
double layers_of(const Run& run, const KernelEvidence& e) {
  if (e.kind < 0) return 1;
  return static_cast<double>(std::count(run.model.layer_kind.begin(), run.model.layer_kind.end(), e.kind));
}

/// A profile that holds exactly the run's kernels, each at `rate` divided by `slower`.
KernelProfile fitting(const Run& run, double slower) {
  KernelProfile p;
  p.id = "fake";
  p.gpu = run.cluster.gpu.id;
  for (const KernelEvidence& e : evidence(run)) {
    if (!e.query) continue;
    auto table = std::find_if(p.tables.begin(), p.tables.end(), [&](const hardware::KernelTable& t) {
      return t.family == e.query->family && t.dtype == e.query->dtype && t.pass == e.pass;
    });
    if (table == p.tables.end()) table = p.tables.insert(p.tables.end(), {e.query->family, e.query->dtype, e.pass, {}});
    hardware::KernelSample s;
    s.axes = e.query->axes;
    s.time = Seconds{e.flops.value() / layers_of(run, e) / rate * slower};
    table->samples.push_back(s);
  }
  for (hardware::KernelTable& t : p.tables) {
    const hardware::KernelAxis axis = hardware::first_interpolated_axis(t.family);
    std::sort(t.samples.begin(), t.samples.end(),
              [axis](const auto& a, const auto& b) { return a.axes[axis] < b.axes[axis]; });
  }
  return p;
}

KernelProfiles one(KernelProfile p) { return {std::make_shared<const KernelProfile>(std::move(p))}; }

Run with(Run run, const KernelProfiles& given, const KernelProfiles& known = {}) {
  run.measured = std::make_shared<const MeasuredKernels>(run.cluster.gpu.id, given, known);
  return run;
}

StepCoverage coverage_of(const Run& run) { return step_coverage(run, test::calibration().parameters); }

}  // namespace

TEST_CASE("without profiles of the GPU nothing is covered and the step is the forms'") {
  const Run run = llama_16_bit();
  CHECK(coverage_of(run).all.measured == 0);
  KernelProfile other = fitting(run, 1);
  other.gpu = "A100-SXM-80GB";
  const Run beside = with(run, one(other), one(other));
  CHECK(coverage_of(beside).all.measured == 0);
  CHECK(step(beside).time == step(run).time);
}

TEST_CASE("a known profile is counted and times nothing, a given one does both") {
  const Run run = llama_16_bit();
  const KernelProfiles profile = one(fitting(run, 1));
  const Run known = with(run, {}, profile);
  CHECK(coverage_of(known).all.measured == Approx(1));
  CHECK(coverage_of(known).all.timed == 0);
  CHECK(step(known).time == step(run).time);
  const StepCoverage c = coverage_of(with(run, profile, profile));
  CHECK(c.all.measured == Approx(1));
  CHECK(c.all.timed == Approx(1));
  CHECK(c.all.distance == Approx(0).margin(1e-12));
  REQUIRE(c.all.parts.size() == 1);
  CHECK(c.all.parts[0].profile == "fake");
}

TEST_CASE("profiles stay with the GPU they were measured on when the run moves") {
  const Run run = llama_16_bit();
  Run moved = with(run, one(fitting(run, 1)));
  moved.cluster.gpu.id = "H200-SXM-141GB";
  Run plain = run;
  plain.cluster.gpu.id = moved.cluster.gpu.id;
  CHECK(coverage_of(moved).all.measured == 0);
  CHECK(step(moved).time == step(plain).time);
}

TEST_CASE("the GEMM term is the sum of the samples, and doubles with them") {
  const Run run = llama_16_bit();
  REQUIRE(run.parallelism.pp == 1);
  // Llama 3 8B: 32 layers of QKV 6144 x 4096, output 4096 x 4096, gate and up 28672 x 4096, down 4096 x 14336; three
  // products of 2 FLOPs each a weight and token.
  const double weights = 32.0 * (6144.0 * 4096 + 4096.0 * 4096 + 28672.0 * 4096 + 4096.0 * 14336);
  const double tokens = static_cast<double>(run.batch.global_sequences) * run.batch.seq_len / run.parallelism.dp;
  const double expected = 6 * weights * tokens / run.parallelism.tp / run.parallelism.cp / rate;
  CHECK(step(with(run, one(fitting(run, 1)))).terms[Term::gemm].value() == Approx(expected).epsilon(1e-9));
  CHECK(step(with(run, one(fitting(run, 2)))).terms[Term::gemm].value() == Approx(2 * expected).epsilon(1e-9));
}

TEST_CASE("grouped products are answered by grouped calls, and their gradients too") {
  Run run = test::shipped_run("deepseek-v3-2048-h800");
  run.stack.reserved_sms = 0;  // else the time is stretched by what a communication kernel takes
  const StepEstimate once = step(with(run, one(fitting(run, 1))));
  const StepEstimate twice = step(with(run, one(fitting(run, 2))));
  CHECK(once.terms[Term::grouped_gemm].value() > 0);
  CHECK(twice.terms[Term::grouped_gemm] / once.terms[Term::grouped_gemm] == Approx(2));
  CHECK(twice.terms[Term::attention] / once.terms[Term::attention] == Approx(2));
  CHECK(coverage_of(with(run, one(fitting(run, 1)))).of(Term::grouped_gemm)->timed == Approx(1));
}

TEST_CASE("a weight gradient is not answered by a forward, an input gradient is") {
  const Run run = llama_16_bit();
  KernelProfile p = fitting(run, 1);
  p.tables.erase(
      std::remove_if(p.tables.begin(), p.tables.end(),
                     [](const auto& t) { return t.pass != KernelPass::fwd || t.family != KernelFamily::gemm; }),
      p.tables.end());
  for (const KernelEvidence& e : evidence(with(run, one(p)))) {
    if (e.term != Term::gemm) continue;
    if (e.pass == KernelPass::fwd) CHECK(e.timed);
    if (e.pass == KernelPass::wgrad) CHECK_FALSE(e.timed);
    // The input gradient of the output projection is a square product like its forward.
    if (e.pass == KernelPass::dgrad && e.op == OpName::attention_out) CHECK(e.timed);
  }
}

TEST_CASE("products read off a running program stand for any pass, each with its own shape") {
  const Run run = llama_16_bit();
  KernelProfile p = fitting(run, 1);
  for (auto& t : p.tables) {
    if (t.family == KernelFamily::gemm) t.pass = KernelPass::none;
  }
  for (const KernelEvidence& e : evidence(with(run, one(p)))) {
    if (e.term == Term::gemm) CHECK(e.timed);
  }
}

TEST_CASE("an older attention kernel than profiles hold is not answered by them") {
  Run run = llama_16_bit();
  const KernelProfiles p = one(fitting(run, 1));
  CHECK(coverage_of(with(run, p)).of(Term::attention)->timed == Approx(1));
  run.attention = AttentionKernel::flash2;  // on Hopper
  CHECK(coverage_of(with(run, p)).of(Term::attention)->measured == 0);
  CHECK(step(with(run, p)).terms[Term::attention] == step(run).terms[Term::attention]);
  run.attention = AttentionKernel::unfused;
  CHECK(coverage_of(with(run, p)).of(Term::attention)->measured == 0);
}

TEST_CASE("beside a communication kernel that keeps SMs a measured product takes longer, as the form does") {
  const Run run = test::shipped_run("deepseek-v3-2048-h800");
  REQUIRE(run.stack.reserved_sms == 20);
  Run alone = run;
  alone.stack.reserved_sms = 0;
  const KernelProfiles p = one(fitting(run, 1));
  const Seconds beside = step(with(run, p)).terms[Term::gemm];
  CHECK(beside / step(with(alone, p)).terms[Term::gemm] == Approx(132.0 / 112 / 0.88));
}

TEST_CASE("what a part loses under lasting load is taken off its short bursts") {
  const Run run = llama_16_bit();
  KernelProfile p = fitting(run, 1);
  hardware::KernelSample burst;
  burst.axes = {{hardware::KernelAxis::m, 8192}, {hardware::KernelAxis::n, 8192}, {hardware::KernelAxis::k, 8192}};
  burst.time = Seconds{1.5e-3};
  hardware::KernelSample lasting = burst;
  lasting.time = Seconds{1.8e-3};
  p.tables.push_back({KernelFamily::sustained, hardware::KernelDtype::bf16, KernelPass::fwd, {lasting}});
  CHECK_FALSE(sustained_slowdown(p).has_value());  // the burst was not measured
  for (auto& t : p.tables) {
    if (t.family != KernelFamily::gemm || t.pass != KernelPass::fwd) continue;
    t.samples.push_back(burst);
    std::sort(t.samples.begin(), t.samples.end(), [](const auto& a, const auto& b) {
      return a.axes[hardware::KernelAxis::m] < b.axes[hardware::KernelAxis::m];
    });
  }
  REQUIRE(sustained_slowdown(p).has_value());
  CHECK(*sustained_slowdown(p) == Approx(1.2));
  const Seconds plain = step(with(run, one(fitting(run, 1)))).terms[Term::gemm];
  CHECK(step(with(run, one(p))).terms[Term::gemm] / plain == Approx(1.2));
}

TEST_CASE("on a part whose power limit binds, a short burst's time is stretched unless the profile says by how much") {
  Run run = llama_16_bit();
  const KernelProfiles p = one(fitting(run, 1));
  const Seconds full = step(with(run, p)).terms[Term::gemm];
  run.cluster.gpu.tdp = Watts{350};
  const Seconds plain = step(run).terms[Term::gemm];
  run.cluster.gpu.tdp = Watts{700};
  const double slower = plain / step(run).terms[Term::gemm];
  run.cluster.gpu.tdp = Watts{350};
  CHECK(slower > 1.2);
  CHECK(step(with(run, p)).terms[Term::gemm] / full == Approx(slower).epsilon(0.02));  // the form has 2 us a kernel
}

TEST_CASE("between measured shapes time grows with the rows, and far from them the form stays") {
  const Run run = llama_16_bit();
  KernelProfile p;
  p.id = "line";
  p.gpu = run.cluster.gpu.id;
  hardware::KernelTable table;
  table.pass = KernelPass::fwd;
  for (const double rows : {1024.0, 2048.0, 4096.0}) {
    hardware::KernelSample s;
    s.axes = {{hardware::KernelAxis::m, rows}, {hardware::KernelAxis::n, 4096}, {hardware::KernelAxis::k, 4096}};
    s.time = Seconds{2 * rows * 4096 * 4096 / 5e14 + 4e-6};
    table.samples.push_back(s);
  }
  p.tables.push_back(table);
  const MeasuredKernels kernels(run.cluster.gpu.id, one(p), {});
  Device d =
      device(run.cluster.gpu, run.stack, {Precision::bf16, AttentionKernel::fused}, test::calibration().parameters);
  Device with_kernels = d;
  with_kernels.measured = &kernels;
  Seconds last;
  for (double rows = 800; rows < 5600; rows *= 1.01) {
    const LinearTime t = linear_time(with_kernels, d.gemm16, {rows, 4096, 4096});
    CHECK(t.forward >= last);
    last = t.forward;
  }
  CHECK(linear_time(with_kernels, d.gemm16, {2048, 4096, 4096}).forward.value() ==
        Approx(table.samples[1].time.value()));
  const GemmShape far{16384, 4096, 4096};  // two factors of two away
  CHECK(linear_time(with_kernels, d.gemm16, far).forward == linear_time(d, d.gemm16, far).forward);
}
