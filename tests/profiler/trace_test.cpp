// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <sstream>

#include "profiler/trace/event_file.hpp"
#include "profiler/trace/intervals.hpp"
#include "profiler/trace/kernel_class.hpp"
#include "profiler/trace/kineto.hpp"
#include "profiler/trace/summarise.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;

namespace {

std::string fixture(const std::string& name) {
  std::ifstream in(std::string(SEXTANT_SOURCE_DIR) + "/tests/profiler/fixtures/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

Trace kineto_trace() {
  std::string fault;
  const std::string text = fixture("kineto.json");
  auto trace = read_kineto(bytes_of(text), {}, fault);
  INFO(fault);
  REQUIRE(trace.has_value());
  return std::move(*trace);
}

const ClassTime& class_named(const Recording& r, const std::string& name) {
  const auto found =
      std::find_if(r.classes.begin(), r.classes.end(), [&](const ClassTime& c) { return c.name == name; });
  REQUIRE(found != r.classes.end());
  return *found;
}

}  // namespace

TEST_CASE("unions count each moment once") {
  const auto u = unite({{10, 20}, {0, 5}, {15, 30}, {30, 31}, {40, 40}});
  REQUIRE(u.size() == 2);
  CHECK(length(u) == 5 + 21);
  // [0, 5) and [10, 31) against [3, 12): 2 + 2
  CHECK(overlap(u, unite({{3, 12}})) == 4);
}

TEST_CASE("kernels are classed by what their names say") {
  CHECK(classify("ncclDevKernel_AllGather_RING_LL(ncclDevKernelArgsStorage<4096ul>)") == KernelClass::communication);
  CHECK(classify("void deep_ep::internode::dispatch<...>") == KernelClass::communication);
  CHECK(classify("nvjet_hsh_128x256_64x4_2x1_v_bz_TNT") == KernelClass::gemm);
  CHECK(classify("sm90_xmma_gemm_bf16bf16_bf16f32_f32_tn") == KernelClass::gemm);
  CHECK(classify("void flash::flash_fwd_kernel<Flash_fwd_kernel_traits>") == KernelClass::attention);
  CHECK(classify("cudnn_generated_fort_native_sdpa_sm90_flash_fprop_wgmma") == KernelClass::attention);
  CHECK(classify("void transformer_engine::cast_transpose_fused_kernel") == KernelClass::cast);
  CHECK(classify("void at::native::multi_tensor_apply_kernel<AdamFunctor>") == KernelClass::optimizer);
  CHECK(classify("void at::native::vectorized_elementwise_kernel<4>") == KernelClass::elementwise);
  CHECK(classify("void (anonymous namespace)::rms_norm_kernel") == KernelClass::norm);
}

TEST_CASE("a Kineto trace gives classes, overlap and ranges") {
  Trace trace = kineto_trace();
  CHECK(trace.device_name == "NVIDIA H100 80GB HBM3");
  CHECK(trace.dropped == 1);  // the kernel at 0 that lasted 0
  const std::uint64_t cut = clip(trace);
  CHECK(cut == 1);  // 1000 us from 2800, though the next kernel of the stream began at 2900
  const Recording r = summarise(trace, cut, 10);
  CHECK(r.span_s == Approx(1000e-6));  // 2000 .. 3000
  CHECK(class_named(r, "GEMM").seconds == Approx(380e-6));
  CHECK(class_named(r, "communication").seconds == Approx(300e-6));
  // 2700 to 3000: attention until 2800, then the cut kernel and the element-wise one
  CHECK(r.overlapped_s == Approx(300e-6));
  CHECK(class_named(r, "communication").exposed_s == Approx(0).margin(1e-12));
  CHECK(class_named(r, "GEMM").exposed_s == Approx(380e-6));
  // gaps 2180..2200 only
  CHECK(class_named(r, "idle").seconds == Approx(20e-6));
  REQUIRE(r.ranges.size() == 1);
  CHECK(r.ranges[0].total_s == Approx(780e-6));  // the three launches within 990 .. 1190
}

TEST_CASE("operators with known shapes become samples, collectives by their whole buffer") {
  const Trace trace = kineto_trace();
  const std::vector<Sample> samples = samples_of(trace);
  const auto find = [&](const std::string& name) {
    const auto found = std::find_if(samples.begin(), samples.end(), [&](const Sample& s) { return s.name == name; });
    INFO(name);
    REQUIRE(found != samples.end());
    return *found;
  };
  const Sample gemm = find("gemm/bf16/m4096-n2112-k7168");
  CHECK(gemm.n == 2);
  CHECK(gemm.median_s == Approx(190e-6));
  const Sample attention =
      find("attention/bf16/fwd/batch1-seq4096-heads32-kv_heads8-head_dim128-v_head_dim128-causal1");
  CHECK(attention.median_s == Approx(400e-6));
  CHECK(find("reduce-scatter/bf16/bytes2097152-gpus8").median_s == Approx(300e-6));
}

TEST_CASE("files that are no traces are refused") {
  std::string fault;
  CHECK_FALSE(read_kineto(bytes_of("{\"a\": 1}"), {}, fault).has_value());
  CHECK(fault.find("traceEvents") != std::string::npos);
  CHECK_FALSE(read_kineto(bytes_of("{\"traceEvents\": [{\"ph\": \"X\"}]}"), {}, fault).has_value());
  CHECK(fault.find("no device activity") != std::string::npos);
  CHECK_FALSE(read_kineto(bytes_of("{\"traceEvents\": [{\"ph\""), {}, fault).has_value());
}

TEST_CASE("a recorded event list gives ranges by launching thread, and survives a killed program") {
  std::istringstream in(fixture("events.txt"));
  std::string fault;
  auto trace = read_events(in, fault);
  INFO(fault);
  REQUIRE(trace.has_value());
  CHECK(trace->dropped == 4);  // 3 that CUPTI lost and one without a time
  REQUIRE(trace->remarks.size() == 1);
  CHECK(trace->remarks[0].find("killed") != std::string::npos);
  const Recording r = summarise(*trace, clip(*trace), 10);
  CHECK(r.communication_s == Approx(1500e-9));
  CHECK(r.overlapped_s == Approx(100e-9));  // 2500 .. 2600
  REQUIRE(r.ranges.size() == 2);
  CHECK(r.ranges[0].name == "step 1");
  CHECK(r.ranges[0].total_s == Approx(1600e-9));
  CHECK(r.ranges[1].total_s == Approx(600e-9));  // only the second launch
}
