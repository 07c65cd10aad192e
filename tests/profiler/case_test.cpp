// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/case.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "profiler/core/duration.hpp"
#include "profiler/core/measurer.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;
using enum KernelAxis;

namespace {

bool has(const std::vector<Case>& cases, const std::string& name) {
  return std::any_of(cases.begin(), cases.end(), [&](const Case& c) { return c.name() == name; });
}

Case make(KernelFamily family, KernelDtype dtype, KernelPass pass, KernelAxes axes) {
  Case c;
  c.family = family;
  c.dtype = dtype;
  c.pass = pass;
  c.axes = axes;
  return c;
}

}  // namespace

TEST_CASE("every case has a name of its own, a suite, and a shape that is whole") {
  const std::vector<Case> cases = all_cases();
  CHECK(cases.size() >= 60);
  std::set<std::string> names;
  for (const Case& c : cases) {
    INFO(c.name());
    CHECK(names.insert(c.name()).second);
    CHECK((c.dense || c.moe));
    for (const auto& [axis_name, axis] : sextant::hardware::kernel_axis_names) {
      CHECK(c.axes[axis] >= 0);
      if (axis != skew) CHECK(c.axes[axis] == std::floor(c.axes[axis]));
    }
  }
}

TEST_CASE("the shapes that DeepGEMM's table and DeepSeek-V3's trace name are among the cases") {
  const std::vector<Case> cases = all_cases();
  // q_lora + kv_lora + rope = 1536 + 512 + 64 = 2112 columns out of 7168
  CHECK(has(cases, "gemm/fp8-blockwise/fwd/m4096-n2112-k7168"));
  // 128 heads of 192 out of q_lora 1536
  CHECK(has(cases, "gemm/fp8-blockwise/fwd/m4096-n24576-k1536"));
  CHECK(has(cases, "gemm/fp8-blockwise/fwd/m4096-n7168-k16384"));
  // EP64: 4 experts a rank, 4096 tokens x 8 / 4 = 8192 rows each, gate and up together 4096
  CHECK(has(cases, "grouped-gemm/fp8-blockwise/fwd/m8192-n4096-k7168-groups4-skew1"));
  CHECK(has(cases, "gemm/bf16/fwd/m8192-n8192-k8192"));
}

TEST_CASE("a model's run has its own shapes and the ceilings, no other model's") {
  for (const Case& c : all_cases()) {
    if (c.name().rfind("router/fp32/fwd/tokens4096-experts8-top_k2", 0) == 0) {
      CHECK(c.of_model("mixtral-8x7b"));
      CHECK(c.of_model("mixtral-8x22b"));  // the same router
      CHECK_FALSE(c.of_model("deepseek-v3"));
    }
    if (c.family == KernelFamily::copy) CHECK(c.of_model("deepseek-v3"));
  }
}

TEST_CASE("work is counted as the field counts it") {
  // 2 x 4096 x 2112 x 7168; FP8 operands once, bf16 result once
  const Work fp8 =
      work_of(make(KernelFamily::gemm, KernelDtype::fp8_blockwise, KernelPass::fwd, {{m, 4096}, {n, 2112}, {k, 7168}}));
  CHECK(fp8.flops == 2.0 * 4096 * 2112 * 7168);
  CHECK(fp8.bytes == 4096.0 * 7168 + 2112.0 * 7168 + 2.0 * 4096 * 2112);
  // the main gradient is read and written in fp32
  const Work wgrad =
      work_of(make(KernelFamily::gemm, KernelDtype::bf16, KernelPass::wgrad, {{m, 1024}, {n, 512}, {k, 4096}}));
  CHECK(wgrad.bytes == 2.0 * (1024 * 4096 + 512 * 4096) + 8.0 * 1024 * 512);
  // FlashAttention: 4 s^2 d per head, half of it causal, backward 2.5 times forward
  const KernelAxes mha{{batch, 1},      {seq, 4096},       {heads, 32}, {kv_heads, 32},
                       {head_dim, 128}, {v_head_dim, 128}, {causal, 1}};
  const double forward = work_of(make(KernelFamily::attention, KernelDtype::bf16, KernelPass::fwd, mha)).flops;
  CHECK(forward == 4.0 * 4096 * 4096 * 128 * 32 / 2);
  CHECK(work_of(make(KernelFamily::attention, KernelDtype::bf16, KernelPass::bwd, mha)).flops == 2.5 * forward);
  // DeepSeek-V3's attention: 192 wide keys, 128 wide values, 128 heads
  const KernelAxes mla{{batch, 1},      {seq, 4096},       {heads, 128}, {kv_heads, 128},
                       {head_dim, 192}, {v_head_dim, 128}, {causal, 1}};
  CHECK(work_of(make(KernelFamily::attention, KernelDtype::bf16, KernelPass::fwd, mla)).flops ==
        4096.0 * 4096 * 128 * (192 + 128));
  // a copy reads and writes
  CHECK(work_of(make(KernelFamily::copy, KernelDtype::bf16, KernelPass::none, {{KernelAxis::bytes, 100}})).bytes ==
        200);
}

TEST_CASE("the full suite fits into eight minutes of an H100") {
  double full = 0, quick = 0;
  std::map<KernelFamily, double> by_family;
  for (const Case& c : all_cases()) {
    const double seconds = measuring_seconds(c);
    full += seconds;
    by_family[c.family] += seconds;
    if (c.quick) quick += seconds;
  }
  for (const auto& [family, seconds] : by_family)
    UNSCOPED_INFO(sextant::hardware::name_of(family) << " " << seconds << " s");
  INFO("all " << full << " s, quick " << quick << " s");
  CHECK(full < 8 * 60 - 60);  // a minute to spare for what an estimate forgets
  CHECK(quick < 60);
  CHECK(full > 60);  // 30 s of it are the sustained product
}

TEST_CASE("the stopping rules end noisy repetitions about when the estimate says") {
  // Normal noise of 1.2 %: 1.25 x 1.96 x 0.012 / sqrt(n) < 0.005 from n = 35 on.
  std::mt19937 engine(5);
  std::normal_distribution<double> noise(1e-4, 1.2e-6);
  double mean = 0;
  constexpr int trials = 200;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<double> times;
    while (decide(times) == Stop::go_on) {
      for (int left = next_batch(times); left > 0; --left) times.push_back(noise(engine));
    }
    mean += static_cast<double>(times.size()) / trials;
  }
  CHECK(mean > 15);
  CHECK(mean < 60);
}

TEST_CASE("the small cases cover every kernel of our own") {
  std::set<KernelFamily> families;
  for (const Case& c : small_cases()) families.insert(c.family);
  for (const KernelFamily f :
       {KernelFamily::rms_norm, KernelFamily::rope, KernelFamily::swiglu, KernelFamily::swiglu_cast, KernelFamily::cast,
        KernelFamily::cast_transpose, KernelFamily::router, KernelFamily::permute, KernelFamily::unpermute,
        KernelFamily::cross_entropy, KernelFamily::adamw, KernelFamily::copy, KernelFamily::triad}) {
    CHECK(families.count(f) == 1);
  }
}
