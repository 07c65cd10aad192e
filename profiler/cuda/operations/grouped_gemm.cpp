// SPDX-License-Identifier: Apache-2.0
// The products of a rank's experts. bf16 fwd and dgrad in one call of cublasGemmGroupedBatchedEx; weight gradients into
// fp32 and FP8, which that function does not take, as one cuBLASLt call an expert, as frameworks run them.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "profiler/cuda/matmul.hpp"
#include "profiler/cuda/operations/rows.hpp"

namespace sextant::profile {

namespace {

/// Rows of each expert: the fullest has `skew` times the mean, the others share the rest, all in 128s.
std::vector<std::int64_t> loads(std::int64_t mean, int groups, double skew) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(groups), mean);
  if (groups == 1 || skew <= 1) return out;
  const auto in_128s = [](double rows) { return std::max<std::int64_t>(128, 128 * std::llround(rows / 128)); };
  out[0] = in_128s(skew * static_cast<double>(mean));
  const double rest = static_cast<double>(mean * groups - out[0]) / (groups - 1);
  for (std::size_t g = 1; g < out.size(); ++g) out[g] = in_128s(rest);
  return out;
}

Product one(const Case& c, std::int64_t tokens) {
  Product p{whole64(c, KernelAxis::m), whole64(c, KernelAxis::n), whole64(c, KernelAxis::k), c.dtype, c.pass};
  (c.pass == KernelPass::wgrad ? p.k : p.m) = tokens;
  return p;
}

std::vector<Product> products(const Case& c) {
  const std::int64_t mean = c.pass == KernelPass::wgrad ? whole64(c, KernelAxis::k) : whole64(c, KernelAxis::m);
  std::vector<Product> out;
  for (const std::int64_t tokens : loads(mean, whole(c, KernelAxis::groups), c.axes[KernelAxis::skew]))
    out.push_back(one(c, tokens));
  return out;
}

class Looped : public Operation {
 public:
  Looped(const Gpu& gpu, const Case& c) {
    std::uint64_t seed = 1;
    for (const Product& p : products(c)) matmuls_.push_back(std::make_unique<Matmul>(gpu, p, seed += 10));
  }
  void launch(cudaStream_t s) override {
    for (auto& m : matmuls_) m->launch(s);
  }
  Checked check() override {
    Checked worst;
    for (auto& m : matmuls_) {
      const Checked one = m->check();
      if (!(one.error <= worst.error)) worst.error = one.error;
      worst.limit = one.limit;
    }
    return worst;
  }
  [[nodiscard]] bool exists() const {
    return std::all_of(matmuls_.begin(), matmuls_.end(), [](const auto& m) { return m->exists(); });
  }
  int host_calls() const override { return static_cast<int>(matmuls_.size()); }
  std::string note() const override { return "one cuBLASLt call an expert"; }

 private:
  std::vector<std::unique_ptr<Matmul>> matmuls_;
};

#if defined(SEXTANT_HAS_CUBLAS) && CUBLAS_VERSION >= 120500
class Grouped : public Operation {
 public:
  Grouped(const Gpu& gpu, const Case& c, const SharedLibrary& library)
      : gpu_(gpu),
        products_(products(c)),
        create_(library.function<decltype(cublasCreate_v2)>("cublasCreate_v2")),
        destroy_(library.function<decltype(cublasDestroy_v2)>("cublasDestroy_v2")),
        set_stream_(library.function<decltype(cublasSetStream_v2)>("cublasSetStream_v2")),
        gemm_(library.function<decltype(cublasGemmGroupedBatchedEx)>("cublasGemmGroupedBatchedEx")) {
    if (create_ == nullptr || destroy_ == nullptr || set_stream_ == nullptr || gemm_ == nullptr) {
      throw DeviceError(library.path() + " has no cublasGemmGroupedBatchedEx (it came with cuBLAS 12.5)");
    }
    check_blas(create_(&handle_), "cublasCreate");
    make_operands();
  }
  ~Grouped() override {
    if (handle_ != nullptr) destroy_(handle_);
  }

  void launch(cudaStream_t s) override {
    check_blas(set_stream_(handle_, s), "cublasSetStream");
    check_blas(gemm_(handle_, first_.data(), second_.data(), n_.data(), m_.data(), k_.data(), one_.data(),
                     reinterpret_cast<const void* const*>(b_at_.data()), CUDA_R_16BF, ldb_.data(),
                     reinterpret_cast<const void* const*>(a_at_.data()), CUDA_R_16BF, k_.data(), zero_.data(),
                     reinterpret_cast<void* const*>(d_at_.data()), CUDA_R_16BF, n_.data(),
                     static_cast<int>(products_.size()), each_.data(), CUBLAS_COMPUTE_32F),
               "cublasGemmGroupedBatchedEx");
  }

  Checked check() override {
    for (auto& d : d_) d.poison();
    launch(gpu_.stream);
    finish(gpu_.stream, "cublasGemmGroupedBatchedEx");
    reference::ErrorNorm error;
    for (std::size_t g = 0; g < products_.size(); ++g) check_group(error, g);
    return {error.value(), bf16_limit};
  }
  std::string note() const override { return "cublasGemmGroupedBatchedEx"; }

 private:
  void make_operands() {
    std::uint64_t seed = 1;
    std::vector<void*> a_at, b_at, d_at;
    for (const Product& p : products_) {
      a_.push_back(random_bf16(gpu_.stream, p.m * p.k, ++seed));
      b_.push_back(random_bf16(gpu_.stream, p.n * p.k, ++seed));
      d_.emplace_back(p.m * p.n);
      a_at.push_back(a_.back().data());
      b_at.push_back(b_.back().data());
      d_at.push_back(d_.back().data());
      first_.push_back(p.b_along_k() ? CUBLAS_OP_T : CUBLAS_OP_N);
      second_.push_back(CUBLAS_OP_N);
      m_.push_back(static_cast<int>(p.m));
      n_.push_back(static_cast<int>(p.n));
      k_.push_back(static_cast<int>(p.k));
      ldb_.push_back(static_cast<int>(p.b_along_k() ? p.k : p.n));
      one_.push_back(1);
      zero_.push_back(0);
      each_.push_back(1);
    }
    const auto count = static_cast<std::int64_t>(products_.size());
    a_at_ = DeviceArray<void*>(count);
    b_at_ = DeviceArray<void*>(count);
    d_at_ = DeviceArray<void*>(count);
    a_at_.upload(a_at);
    b_at_.upload(b_at);
    d_at_.upload(d_at);
  }

  void check_group(reference::ErrorNorm& error, std::size_t g) {
    const Product& p = products_[g];
    const std::vector<std::int64_t> columns = sampled_lines(p.n, 12);
    DeviceArray<std::int64_t> where(static_cast<std::int64_t>(columns.size()));
    where.upload(columns);
    DeviceArray<float> b(static_cast<std::int64_t>(columns.size()) * p.k);
    kernels::gather(gpu_.stream, b.data(), b_[g].data(), kernels::Format::bf16, where.data(),
                    static_cast<int>(columns.size()), p.k, p.b_along_k() ? p.k : 1, p.b_along_k() ? 1 : p.n);
    finish(gpu_.stream, "gather");
    const std::vector<double> chosen = row(b, 0, b.size());
    for (const std::int64_t r : sampled_lines(p.m, 8)) {
      const std::vector<double> a = row(a_[g], r, p.k), d = row(d_[g], r, p.n);
      for (std::size_t j = 0; j < columns.size(); ++j) {
        const double sum =
            std::inner_product(a.begin(), a.end(), chosen.begin() + static_cast<std::ptrdiff_t>(j) * p.k, 0.0);
        error.add(d[static_cast<std::size_t>(columns[j])], sum);
      }
    }
  }

  const Gpu& gpu_;
  std::vector<Product> products_;
  decltype(cublasCreate_v2)* create_;
  decltype(cublasDestroy_v2)* destroy_;
  decltype(cublasSetStream_v2)* set_stream_;
  decltype(cublasGemmGroupedBatchedEx)* gemm_;
  cublasHandle_t handle_ = nullptr;
  std::vector<DeviceArray<kernels::Bf16>> a_, b_, d_;
  DeviceArray<void*> a_at_, b_at_, d_at_;
  std::vector<cublasOperation_t> first_, second_;
  std::vector<int> m_, n_, k_, ldb_, each_;
  std::vector<float> one_, zero_;
};
#endif

MadeOperation make_looped(const Gpu& gpu, const Case& c) {
  auto out = std::make_unique<Looped>(gpu, c);
  if (!out->exists())
    return not_measured(c, "cuBLASLt " + gpu.blas->version() + " offers no algorithm for it on this part");
  return out;
}

}  // namespace

MadeOperation make_grouped_gemm(const Gpu& gpu, const Case& c) {
  if (gpu.blas == nullptr) return not_measured(c, "cuBLASLt is not found");
  if (c.dtype != KernelDtype::bf16 && gpu.compute_capability < 89)
    return not_measured(c, "this part has no FP8 matrix units");
#if defined(SEXTANT_HAS_CUBLAS) && CUBLAS_VERSION >= 120500
  if (c.dtype == KernelDtype::bf16 && c.pass != KernelPass::wgrad && gpu.blas->cublas()) {
    return std::make_unique<Grouped>(gpu, c, *gpu.blas->cublas());
  }
#endif
  return make_looped(gpu, c);
}

}  // namespace sextant::profile
