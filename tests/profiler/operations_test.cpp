// SPDX-License-Identifier: Apache-2.0
// The measurer and its operations on a host that plays GPU: buffers, orders of calls and checks are those of a real
// run, only slower.
#include <memory>
#include <set>

#include "profiler/core/measurer.hpp"
#include "tests/profiler/fake_cuda.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;

namespace {

std::unique_ptr<Measurer> opened(const MeasureOptions& options = {}) {
  std::string why;
  auto out = open_measurer(options, why);
  INFO(why);
  REQUIRE(out != nullptr);
  return out;
}

/// Attention needs cuDNN's header.
bool not_built([[maybe_unused]] const Case& c) {
#ifdef SEXTANT_HAS_CUDNN
  return false;
#else
  return c.family == KernelFamily::attention;
#endif
}

}  // namespace

TEST_CASE("every small case agrees with its reference through the measurer, and leaves no memory behind") {
  {
    const auto gpu = opened();
    const int before = test::allocations_held();
    for (const Case& c : small_cases()) {
      INFO(c.name());
      const auto result = gpu->check(c);
      if (not_built(c)) continue;
      if (const auto* why = std::get_if<NotMeasured>(&result)) FAIL(why->why);
      const Checked& checked = std::get<Checked>(result);
      CHECK(checked.error <= checked.limit);
      CHECK(test::allocations_held() == before);
    }
    CHECK(gpu->alive());
  }
  CHECK(test::hasty_downloads() == 0);
  CHECK(test::allocations_held() == 0);
}

TEST_CASE("a case is timed, described and told with its clock") {
  MeasureOptions options;
  options.limits.max_seconds = 1e-3;
  options.limits.min_samples = 6;
  options.sustained_s = 1;
  const auto gpu = opened(options);
  std::set<KernelFamily> seen;
  for (const Case& c : small_cases()) {
    if (!seen.insert(c.family).second) continue;
    INFO(c.name());
    const auto result = gpu->measure(c);
    if (not_built(c)) continue;
    if (const auto* why = std::get_if<NotMeasured>(&result)) FAIL(why->why);
    const Sample& s = std::get<Sample>(result);
    CHECK(s.name == c.name());
    CHECK(s.median_s > 0);
    CHECK(s.n >= 6);
    CHECK(s.raw_us.size() == static_cast<std::size_t>(s.n));
    CHECK(s.clock == "events");
    CHECK(s.event_s == 0);  // there is no second clock
    CHECK(s.bytes == work_of(c).bytes);
  }
  CHECK(seen.size() >= 15);
}

TEST_CASE("what does not fit or is missing is not measured, and says why") {
  const auto gpu = opened();
  const auto why = [&](KernelFamily family, KernelAxes axes) {
    Case c;
    c.family = family;
    c.axes = axes;
    const auto result = gpu->measure(c);
    REQUIRE(std::holds_alternative<NotMeasured>(result));
    return std::get<NotMeasured>(result).why;
  };
  using enum KernelAxis;
  CHECK(why(KernelFamily::copy, {{KernelAxis::bytes, 4e9}}).find("device memory") != std::string::npos);
#ifdef SEXTANT_HAS_CUDNN
  CHECK(why(KernelFamily::attention, {{seq, 64}}).find("heads") != std::string::npos);
#else
  CHECK(why(KernelFamily::attention, {{seq, 64}}).find("PyTorch") != std::string::npos);
#endif
  CHECK(why(KernelFamily::rms_norm, {{tokens, 4}, {hidden, 20000}}).find("16384") != std::string::npos);
  CHECK(why(KernelFamily::rope, {{tokens, 4}, {heads, 2}, {head_dim, 192}}).find("power of two") != std::string::npos);
  CHECK(why(KernelFamily::cross_entropy, {{tokens, 4}, {vocab, 1001}}).find("divisible by 8") != std::string::npos);
  CHECK(why(KernelFamily::router, {{tokens, 4}, {experts, 48}, {top_k, 2}}).find("experts") != std::string::npos);
}

TEST_CASE("counters that are not there are told, and the device stays") {
  const auto gpu = opened();
  const auto result = gpu->count(small_cases().back());
  REQUIRE(std::holds_alternative<NotMeasured>(result));
  CHECK_FALSE(gpu->can_count());
  CHECK(gpu->alive());
}

TEST_CASE("FP8 products that Hopper has no kernel for are told, not run") {
  const auto gpu = opened();
  using enum KernelAxis;
  Case c;
  c.dtype = KernelDtype::fp8;
  c.pass = KernelPass::fwd;
  c.axes = {{m, 64}, {n, 24}, {k, 64}};  // a width that 16 does not divide
  for (const KernelFamily family : {KernelFamily::gemm, KernelFamily::sustained}) {
    c.family = family;
    const auto result = gpu->measure(c);
    REQUIRE(std::holds_alternative<NotMeasured>(result));
    CHECK(std::get<NotMeasured>(result).why.find("offers no algorithm") != std::string::npos);
  }
}
