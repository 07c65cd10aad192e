// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/profile_data.hpp"
#include "profiler/core/roofline.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;
using enum KernelAxis;

namespace {

Sample gemm_sample() {
  Case c;
  c.axes = {{m, 4096}, {n, 4096}, {k, 4096}};
  c.pass = KernelPass::fwd;
  Sample s;
  s.name = c.name();
  s.pass = c.pass;
  s.axes = c.axes;
  s.flops = work_of(c).flops;
  s.bytes = work_of(c).bytes;
  s.median_s = 200e-6;
  s.event_s = 203e-6;
  s.spread = 0.004;
  s.n = 24;
  s.clock = "cupti";
  s.stop = "precise";
  s.error = 2e-3;
  s.error_limit = 1e-2;
  s.counters = Counters{1.1e8, 0.83, 0.25};
  s.raw_us = {200.1, 199.9, 200};
  return s;
}

ProfileData profile_with(std::vector<Sample> samples) {
  ProfileData p;
  p.id = "h100-sxm-80gb-measured";
  p.name = "test";
  p.gpu = "H100-SXM-80GB";
  p.date = "2026-11-22";
  p.title = "a test";
  p.where = "here";
  p.device.name = "NVIDIA H100 80GB HBM3";
  p.samples = std::move(samples);
  return p;
}

}  // namespace

TEST_CASE("a profile that was written reads back whole") {
  ProfileData p = profile_with({gemm_sample()});
  p.not_measured.push_back({"all-reduce/bf16/bytes65536", "one GPU"});
  p.software["driver"] = "580.1";
  std::string fault;
  const auto back = read_profile(write_profile(p), fault);
  REQUIRE(back.has_value());
  REQUIRE(back->samples.size() == 1);
  const Sample& s = back->samples[0];
  CHECK(s.name == "gemm/bf16/fwd/m4096-n4096-k4096");
  CHECK(s.axes == p.samples[0].axes);
  CHECK(s.median_s == Approx(200e-6));
  CHECK(s.counters->tensor_active == Approx(0.83));
  CHECK(s.raw_us.size() == 3);
  CHECK(back->not_measured[0].why == "one GPU");
  CHECK(back->software.at("driver") == "580.1");
  CHECK(write_profile(*back) == write_profile(p));
}

TEST_CASE("what is no profile is refused with a reason") {
  std::string fault;
  CHECK_FALSE(read_profile("{\"format\": \"sextant/step/1\"}", fault).has_value());
  CHECK(fault.find("sextant/profile/1") != std::string::npos);
  CHECK_FALSE(
      read_profile("{\"format\": \"sextant/profile/1\", \"samples\": [{\"family\": \"gem\"}]}", fault).has_value());
}

TEST_CASE("a later profile replaces what it measured again and keeps the rest") {
  ProfileData known = profile_with({gemm_sample()});
  known.not_measured.push_back({"copy/bf16/bytes100", "interrupted"});
  ProfileData fresh = profile_with({gemm_sample()});
  fresh.samples[0].median_s = 190e-6;
  Sample copy = gemm_sample();
  copy.name = "copy/bf16/bytes100";
  fresh.samples.push_back(copy);
  merge(known, fresh);
  REQUIRE(known.samples.size() == 2);
  CHECK(known.samples[0].median_s == Approx(190e-6));
  CHECK(known.not_measured.empty());
}

TEST_CASE("drivers' device names become catalogue ids") {
  constexpr std::uint64_t gib = 1073741824;
  CHECK(gpu_id("NVIDIA H100 80GB HBM3", 80 * gib) == "H100-SXM-80GB");
  CHECK(gpu_id("NVIDIA H100 PCIe", 80 * gib) == "H100-PCIe-80GB");
  CHECK(gpu_id("NVIDIA H100 NVL", 94 * gib) == "H100-NVL-94GB");
  CHECK(gpu_id("NVIDIA H200", 140 * gib) == "H200-SXM-141GB");
  CHECK(gpu_id("NVIDIA A100-SXM4-40GB", 40 * gib) == "A100-SXM-40GB");
  CHECK(gpu_id("NVIDIA A100-SXM4-80GB", 80 * gib) == "A100-SXM-80GB");
  CHECK(gpu_id("NVIDIA A100-PCIE-40GB", 40 * gib) == "A100-PCIe-40GB");
  CHECK(gpu_id("NVIDIA GB200", 190 * gib) == "GB200");
  CHECK(gpu_id("NVIDIA GeForce RTX 4090", 24 * gib) == "RTX4090");
  CHECK(gpu_id("NVIDIA T4", 16 * gib).empty());
}

TEST_CASE("a sample stands under the roofs that the same run measured") {
  Sample copy;
  copy.name = "copy";
  copy.family = KernelFamily::copy;
  copy.bytes = 3e9;
  copy.median_s = 1e-3;  // 3 TB/s
  Sample norm;
  norm.name = "norm";
  norm.family = KernelFamily::rms_norm;
  norm.bytes = 1.2e8;     // 40 us at that rate
  norm.median_s = 80e-6;  // half of it
  const std::vector<Sample> samples{copy, norm};
  const Ceilings c = ceilings_of(samples);
  CHECK(c.bytes_per_s == Approx(3e12));
  const Roofline r = roofline(norm, c);
  CHECK(r.memory_bound);
  CHECK(r.achieved == Approx(0.5));
  const auto warnings = warnings_of(profile_with(samples));
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0] == "norm: 50 % of the copy rate");
}

TEST_CASE("clocks that disagree over a long kernel are told") {
  Sample s = gemm_sample();
  CHECK(warnings_of(profile_with({s})).empty());  // 1.5 % apart
  s.event_s = 210e-6;
  CHECK(warnings_of(profile_with({s})).size() == 1);
  s.median_s = 20e-6;  // below 50 us launch gaps rule
  s.event_s = 25e-6;
  CHECK(warnings_of(profile_with({s})).empty());
}
