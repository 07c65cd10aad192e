// SPDX-License-Identifier: Apache-2.0
#include <cuda_runtime_api.h>

#include "profiler/cuda/matmul.hpp"
#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

Product product_of(const Case& c) {
  Product p{whole64(c, KernelAxis::m), whole64(c, KernelAxis::n), whole64(c, KernelAxis::k), c.dtype, c.pass};
  if (p.pass == KernelPass::none) p.pass = KernelPass::fwd;
  return p;
}

class Gemm : public Operation {
 public:
  Gemm(const Gpu& gpu, const Case& c) : matmul_(gpu, product_of(c), 1) {}
  void launch(cudaStream_t s) override { matmul_.launch(s); }
  Checked check() override { return matmul_.check(); }
  int alternatives() const override { return matmul_.alternatives(); }
  void choose(int i) override { matmul_.choose(i); }
  [[nodiscard]] bool exists() const { return matmul_.exists(); }

 private:
  Matmul matmul_;
};

/// One product again and again for half a minute: the rate the part holds, its clock and power. A repetition is the
/// mean of a second, so that their spread shows how it settles.
class Sustained : public Operation {
 public:
  Sustained(const Gpu& gpu, const Case& c) : gpu_(gpu), matmul_(gpu, product_of(c), 1) {}
  void launch(cudaStream_t s) override { matmul_.launch(s); }
  Checked check() override { return matmul_.check(); }
  std::vector<double> time_itself(int) override {
    constexpr int warm_up = 20;
    const double each = time_of(warm_up);
    const int a_second = std::max(1, static_cast<int>(1.0 / each));
    std::vector<double> out;
    for (double spent = 0; spent < gpu_.sustained_s;) {
      out.push_back(time_of(a_second));
      spent += out.back() * a_second;
    }
    return out;
  }
  std::string note() const override { return "mean of each second; clock and power at the end"; }

 private:
  double time_of(int count) {
    cudaEvent_t begin = nullptr, end = nullptr;
    profile::check(cudaEventCreate(&begin), "cudaEventCreate");
    profile::check(cudaEventCreate(&end), "cudaEventCreate");
    cudaEventRecord(begin, gpu_.stream);
    for (int i = 0; i < count; ++i) matmul_.launch(gpu_.stream);
    cudaEventRecord(end, gpu_.stream);
    profile::check(cudaEventSynchronize(end), "cudaEventSynchronize");
    float ms = 0;
    cudaEventElapsedTime(&ms, begin, end);
    cudaEventDestroy(begin);
    cudaEventDestroy(end);
    return static_cast<double>(ms) * 1e-3 / count;
  }

  const Gpu& gpu_;
  Matmul matmul_;
};

}  // namespace

MadeOperation make_gemm(const Gpu& gpu, const Case& c) {
  if (gpu.blas == nullptr) return not_measured(c, "cuBLASLt is not found");
  if ((c.dtype == KernelDtype::fp8 || c.dtype == KernelDtype::fp8_blockwise) && gpu.compute_capability < 89) {
    return not_measured(c, "this part has no FP8 matrix units");
  }
  if (c.family == KernelFamily::sustained) return std::make_unique<Sustained>(gpu, c);
  auto out = std::make_unique<Gemm>(gpu, c);
  if (!out->exists())
    return not_measured(c, "cuBLASLt " + gpu.blas->version() + " offers no algorithm for it on this part");
  return out;
}

}  // namespace sextant::profile
