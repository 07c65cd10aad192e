// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime_api.h>

#include <chrono>
#include <thread>
#include <utility>

#include "profiler/core/statistics.hpp"
#include "profiler/cuda/matmul.hpp"
#include "profiler/cuda/nvml.hpp"
#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

Product product_of(const Case& c) {
  Product p{whole64(c, KernelAxis::m), whole64(c, KernelAxis::n), whole64(c, KernelAxis::k), c.dtype, c.pass};
  if (p.pass == KernelPass::none) p.pass = KernelPass::fwd;
  return p;
}

/// Squares that every algorithm is tried on (measurer.cpp) ask for more of them.
int algorithms_offered(const Case& c) { return c.quick && c.used_by.empty() ? 32 : 8; }

class Gemm : public Operation {
 public:
  Gemm(const Gpu& gpu, const Case& c) : matmul_(gpu, product_of(c), 1, algorithms_offered(c)) {}
  void launch(cudaStream_t s) override { matmul_.launch(s); }
  Checked check() override { return matmul_.check(); }
  int alternatives() const override { return matmul_.alternatives(); }
  void choose(int i) override { matmul_.choose(i); }
  [[nodiscard]] bool exists() const { return matmul_.exists(); }

 private:
  Matmul matmul_;
};

/// One product again and again for half a minute: the rate the part holds, its clock and power. A repetition is the
/// mean of a second, so that their spread shows how it settles. NVML is read meanwhile: an idle part shows neither.
class Sustained : public Operation {
 public:
  Sustained(const Gpu& gpu, const Case& c) : gpu_(gpu), matmul_(gpu, product_of(c), 1) {}
  [[nodiscard]] bool exists() const { return matmul_.exists(); }
  void launch(cudaStream_t s) override { matmul_.launch(s); }
  Checked check() override { return matmul_.check(); }
  std::vector<double> time_itself(int) override {
    constexpr int warm_up = 20;
    const double each = time_of(warm_up);
    loads_.clear();
    const int a_second = std::max(1, static_cast<int>(1.0 / each));
    std::vector<double> out;
    for (double spent = 0; spent < gpu_.sustained_s;) {
      out.push_back(time_of(a_second));
      spent += out.back() * a_second;
    }
    return out;
  }
  std::optional<Load> load() const override {
    if (loads_.empty()) return std::nullopt;
    std::vector<double> clocks, watts;
    for (std::size_t i = loads_.size() / 2; i < loads_.size(); ++i) {  // the first half settles
      clocks.push_back(loads_[i].clock_mhz);
      watts.push_back(loads_[i].power_w);
    }
    return Load{median(clocks), median(watts)};
  }
  std::string note() const override {
    return "mean of each second; clock and power are medians over the second half of the run";
  }

 private:
  double time_of(int count) {
    cudaEvent_t begin = nullptr, end = nullptr;
    profile::check(cudaEventCreate(&begin), "cudaEventCreate");
    profile::check(cudaEventCreate(&end), "cudaEventCreate");
    profile::check(cudaEventRecord(begin, gpu_.stream), "cudaEventRecord");
    for (int i = 0; i < count; ++i) matmul_.launch(gpu_.stream);
    profile::check(cudaEventRecord(end, gpu_.stream), "cudaEventRecord");
    watch_until(end);
    profile::check(cudaEventSynchronize(end), "cudaEventSynchronize");
    float ms = 0;
    profile::check(cudaEventElapsedTime(&ms, begin, end), "cudaEventElapsedTime");
    cudaEventDestroy(begin);
    cudaEventDestroy(end);
    return static_cast<double>(ms) * 1e-3 / count;
  }

  void watch_until(cudaEvent_t end) {
    constexpr std::chrono::milliseconds between{100};
    while (gpu_.nvml != nullptr && cudaEventQuery(end) == cudaErrorNotReady) {
      loads_.push_back({gpu_.nvml->sm_clock_mhz(), gpu_.nvml->power_w()});
      std::this_thread::sleep_for(between);
    }
  }

  const Gpu& gpu_;
  Matmul matmul_;
  std::vector<Load> loads_;
};

MadeOperation existing(const Gpu& gpu, const Case& c, bool exists, std::unique_ptr<Operation> made) {
  if (exists) return made;
  return not_measured(c, "cuBLASLt " + gpu.blas->version() + " offers no algorithm for it on this part");
}

}  // namespace

MadeOperation make_gemm(const Gpu& gpu, const Case& c) {
  if (gpu.blas == nullptr) return not_measured(c, "cuBLASLt is not found");
  if ((c.dtype == KernelDtype::fp8 || c.dtype == KernelDtype::fp8_blockwise) && gpu.compute_capability < 89) {
    return not_measured(c, "this part has no FP8 matrix units");
  }
  if (c.family == KernelFamily::sustained) {
    auto out = std::make_unique<Sustained>(gpu, c);
    const bool exists = out->exists();
    return existing(gpu, c, exists, std::move(out));
  }
  auto out = std::make_unique<Gemm>(gpu, c);
  const bool exists = out->exists();
  return existing(gpu, c, exists, std::move(out));
}

}  // namespace sextant::profile
