// SPDX-License-Identifier: Apache-2.0
// The real cuDNN, told of a part that is not there, plans every attention case: its heuristic picks an engine and its
// compiler makes the kernel. Only running it takes a GPU. Outside the versions that this was seen with, what it says is
// told and not judged.
#include <cuda_runtime_api.h>

#include <memory>
#include <string>

#include "profiler/cuda/attention_graph.hpp"
#include "tests/profiler/driver_stand_in.hpp"
#include "tests/support/catch.hpp"

using namespace sextant::profile;

extern "C" const char* cudaGetErrorString(cudaError_t) { return "an error"; }

namespace {

/// cudaDeviceProp of the part, under cuDNN's names (CUDA C++ programming guide, "Compute capabilities"; data sheets).
std::string part(int version, int sms, int shared_memory, const std::string& name) {
  return R"({"cudaDeviceId":0,"deviceId":0,"driverVer":13000,"maxGridSize":[2147483647,65535,65535],)"
         R"("maxBlockSize":[1024,1024,64],"regsPerBlock":65536,"warpSize":32,"maxSharedMemoryPerBlock":49152,)"
         R"("reservedSharedMemoryPerBlock":1024,"maxRegistersPerSM":65536,"maxCtasPerSM":32,)"
         R"("maxThreadsPerBlock":1024,"maxThreadsPerSM":2048,"pciDeviceId":0,"isTccDriver":0,"supportCoopLaunch":1,)"
         R"("smClockRateKHz":1980000,"memClockRateKHz":2619000,"l2CacheSize":52428800,"totalGlobalMem":85000000000,)"
         R"("deviceVer":)" +
         std::to_string(version) + R"(,"multiProcessorCount":)" + std::to_string(sms) +
         R"(,"maxSharedMemoryPerBlockOptin":)" + std::to_string(shared_memory) + R"(,"deviceName":")" + name + "\"}";
}
std::string h100() { return part(900, 132, 232448, "NVIDIA H100 80GB HBM3"); }
std::string b200() { return part(1000, 148, 232448, "NVIDIA B200"); }
std::string a100() { return part(800, 108, 166912, "NVIDIA A100-SXM4-80GB"); }

struct Planned {
  std::string kernel;  ///< empty: refused
  std::string why;
  std::int64_t workspace_bytes = 0;
};

class Planner {
 public:
  Planner() : library_(CudnnLibrary::open(why_not_)) {}

  /// Where this is false there is nothing to hold cuDNN to.
  [[nodiscard]] bool known_version() const {
    return library_ != nullptr && library_->api().cudnnGetVersion() / 100 == 919;
  }
  [[nodiscard]] std::string told() const { return library_ != nullptr ? "cuDNN " + library_->version() : why_not_; }

  [[nodiscard]] Planned plan(const std::string& json, KernelPass pass, const AttentionShape& shape) const try {
    CudnnDescriptor device(*library_, CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
    device
        .set(CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, CUDNN_TYPE_CHAR, static_cast<std::int64_t>(json.size()),
             json.data())
        .finalise("the part");
    const PlanTarget target{nullptr, device.raw()};
    const CudnnPlan made = pass == KernelPass::bwd ? backward_attention(*library_, shape).graph.plan(target)
                                                   : forward_attention(*library_, shape).graph.plan(target);
    return {test::last_kernel(), "", made.workspace_bytes()};
  } catch (const DeviceError& e) {
    return {"", e.what(), 0};
  }

 private:
  std::string why_not_;
  std::unique_ptr<CudnnLibrary> library_;
};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("cuDNN has a Hopper kernel for every attention case of an H100") {
  const Planner planner;
  if (!planner.known_version()) {
    WARN("not judged with " << planner.told());
    return;
  }
  int planned = 0;
  for (const Case& c : all_cases()) {
    // The longest: shorter ones of the same heads are no question of their own.
    if (c.family != KernelFamily::attention || c.axes[KernelAxis::seq] != 32768) continue;
    const AttentionShape shape = AttentionShape::of(c);
    const Planned p = planner.plan(h100(), c.pass, shape);
    INFO(c.name() << ": " << p.kernel << p.why);
    CHECK(contains(p.kernel, c.pass == KernelPass::bwd ? "sdpa_sm90_flash_bprop" : "sdpa_sm90_flash_fprop"));
    // Nothing that grows with the square of the length: a number a row, padded, and some bytes.
    const double rows = static_cast<double>(shape.batch * shape.heads * shape.seq);
    CHECK(static_cast<double>(p.workspace_bytes) <= 4 * rows + 4096);
    ++planned;
  }
  CHECK(planned >= 16);
}

TEST_CASE("the graph is flash attention to the parts before and after Hopper too") {
  const Planner planner;
  if (!planner.known_version()) {
    WARN("not judged with " << planner.told());
    return;
  }
  const AttentionShape grouped{2, 32, 8, 4096, 128, 128, true}, latent{1, 16, 16, 4096, 192, 128, true},
      open{2, 8, 8, 2048, 64, 64, false};
  for (const AttentionShape& s : {grouped, latent, open}) {
    INFO(s.heads << " heads, " << s.width << " wide");
    CHECK(contains(planner.plan(b200(), KernelPass::fwd, s).kernel, "sdpa_sm100_flash_fprop"));
    CHECK(contains(planner.plan(b200(), KernelPass::bwd, s).kernel, "sdpa_sm100_flash_bprop"));
    CHECK(contains(planner.plan(a100(), KernelPass::fwd, s).kernel, "sdpa_sm80_flash_fprop"));
  }
  CHECK(contains(planner.plan(a100(), KernelPass::bwd, grouped).kernel, "sdpa_sm80_flash_bprop"));
  // cuDNN 9 has no Ampere backward for keys wider than values: a case for PyTorch, which has.
  const Planned refused = planner.plan(a100(), KernelPass::bwd, latent);
  CHECK(refused.kernel.empty());
  CHECK_FALSE(refused.why.empty());
}
