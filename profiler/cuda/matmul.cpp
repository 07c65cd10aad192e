// SPDX-License-Identifier: Apache-2.0
#include "profiler/cuda/matmul.hpp"

#include <algorithm>
#include <random>

#include "profiler/cuda/reference.hpp"

namespace sextant::profile {

namespace {

constexpr std::int64_t block = 128;

std::int64_t blocks(std::int64_t n) { return (n + block - 1) / block; }

cudaDataType_t data_type(kernels::Format f) {
  switch (f) {
    case kernels::Format::bf16: return CUDA_R_16BF;
    case kernels::Format::fp16: return CUDA_R_16F;
    case kernels::Format::fp32: return CUDA_R_32F;
    case kernels::Format::e4m3: return CUDA_R_8F_E4M3;
  }
  return CUDA_R_32F;
}

std::vector<float> random_scales(std::int64_t count, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<float> draw(0.5f, 2.0f);
  std::vector<float> out(static_cast<std::size_t>(count));
  for (float& f : out) f = draw(engine);
  return out;
}

}  // namespace

kernels::Format Product::input_format() const {
  if (fp8()) return kernels::Format::e4m3;
  return dtype == KernelDtype::fp16 ? kernels::Format::fp16 : kernels::Format::bf16;
}

Matmul::Matmul(const Gpu& gpu, const Product& product, std::uint64_t seed, int offered_algorithms)
    : gpu_(gpu), p_(product) {
  make_operands(seed);
  describe();
  if (p_.fp8()) make_scales(seed + 3);
  find_algorithms(offered_algorithms);
}

Matmul::~Matmul() {
  const LtApi& lt = gpu_.blas->lt();
  if (a_layout_ != nullptr) lt.cublasLtMatrixLayoutDestroy(a_layout_);
  if (b_layout_ != nullptr) lt.cublasLtMatrixLayoutDestroy(b_layout_);
  if (d_layout_ != nullptr) lt.cublasLtMatrixLayoutDestroy(d_layout_);
  if (description_ != nullptr) lt.cublasLtMatmulDescDestroy(description_);
}

template <class T>
void Matmul::set(cublasLtMatmulDescAttributes_t attribute, const T& value) {
  check_blas(gpu_.blas->lt().cublasLtMatmulDescSetAttribute(description_, attribute, &value, sizeof value),
             "cublasLtMatmulDescSetAttribute");
}

void Matmul::make_operands(std::uint64_t seed) {
  a_ = DeviceArray<char>(p_.m * p_.k * p_.input_width());
  b_ = DeviceArray<char>(p_.n * p_.k * p_.input_width());
  d_ = DeviceArray<char>(p_.m * p_.n * p_.output_width());
  kernels::fill_random(gpu_.stream, a_.data(), p_.input_format(), p_.m * p_.k, 1, seed);
  kernels::fill_random(gpu_.stream, b_.data(), p_.input_format(), p_.n * p_.k, 1, seed + 1);
  kernels::fill_random(gpu_.stream, d_.data(), p_.output_format(), p_.m * p_.n, 1, seed + 2);
}

/// cuBLASLt is column-major: it computes D^T [n x m] = B^T A^T, so its A is our B and its m is our n.
void Matmul::describe() {
  const LtApi& lt = gpu_.blas->lt();
  check_blas(lt.cublasLtMatmulDescCreate(&description_, CUBLAS_COMPUTE_32F, CUDA_R_32F), "cublasLtMatmulDescCreate");
  const cublasOperation_t first = p_.b_along_k() ? CUBLAS_OP_T : CUBLAS_OP_N;
  const cublasOperation_t second = p_.a_along_k() ? CUBLAS_OP_N : CUBLAS_OP_T;
  set(CUBLASLT_MATMUL_DESC_TRANSA, first);
  set(CUBLASLT_MATMUL_DESC_TRANSB, second);
  if (p_.fast_accumulation()) set(CUBLASLT_MATMUL_DESC_FAST_ACCUM, std::int8_t{1});
  const auto make = [&](cublasLtMatrixLayout_t& layout, kernels::Format f, std::int64_t rows, std::int64_t columns) {
    check_blas(lt.cublasLtMatrixLayoutCreate(&layout, data_type(f), static_cast<std::uint64_t>(rows),
                                             static_cast<std::uint64_t>(columns), rows),
               "cublasLtMatrixLayoutCreate");
  };
  make(a_layout_, p_.input_format(), p_.b_along_k() ? p_.k : p_.n, p_.b_along_k() ? p_.n : p_.k);
  make(b_layout_, p_.input_format(), p_.a_along_k() ? p_.k : p_.m, p_.a_along_k() ? p_.m : p_.k);
  make(d_layout_, p_.output_format(), p_.n, p_.m);
}

/// 1 x 128 scales: one for each line and 128 of k, lines contiguous. 128 x 128: as `layout_` says.
void Matmul::make_scales(std::uint64_t seed) {
  if (p_.blockwise()) {
#if CUBLAS_VERSION >= 120900
    const std::int64_t kb = blocks(p_.k), padded = (kb + 3) / 4 * 4;
    host_a_scales_ = random_scales(p_.m * kb, seed);
    host_b_scales_ = random_scales(p_.b_in_blocks() ? padded * blocks(p_.n) : p_.n * kb, seed + 1);
    const std::int32_t rows = CUBLASLT_MATMUL_MATRIX_SCALE_VEC128_32F;
    const std::int32_t squares = CUBLASLT_MATMUL_MATRIX_SCALE_BLK128x128_32F;
    set(CUBLASLT_MATMUL_DESC_A_SCALE_MODE, p_.b_in_blocks() ? squares : rows);
    set(CUBLASLT_MATMUL_DESC_B_SCALE_MODE, rows);
#else
    throw DeviceError("this program was built with cuBLAS before 12.9, which has no blockwise scales");
#endif
  } else {
    host_a_scales_ = {0.75f};
    host_b_scales_ = {1.25f};
  }
  a_scales_ = DeviceArray<float>(static_cast<std::int64_t>(host_a_scales_.size()));
  b_scales_ = DeviceArray<float>(static_cast<std::int64_t>(host_b_scales_.size()));
  a_scales_.upload(host_a_scales_);
  b_scales_.upload(host_b_scales_);
  const void* first = b_scales_.data();
  const void* second = a_scales_.data();
  set(CUBLASLT_MATMUL_DESC_A_SCALE_POINTER, first);
  set(CUBLASLT_MATMUL_DESC_B_SCALE_POINTER, second);
}

void Matmul::find_algorithms(int most) {
  const LtApi& lt = gpu_.blas->lt();
  cublasLtMatmulPreference_t preference = nullptr;
  check_blas(lt.cublasLtMatmulPreferenceCreate(&preference), "cublasLtMatmulPreferenceCreate");
  const std::size_t workspace = gpu_.blas->workspace_bytes();
  check_blas(lt.cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspace,
                                                     sizeof workspace),
             "cublasLtMatmulPreferenceSetAttribute");
  algorithms_.resize(static_cast<std::size_t>(most));
  int found = 0;  // stays so where the combination is not supported; the code says no more
  lt.cublasLtMatmulAlgoGetHeuristic(gpu_.blas->handle(), description_, a_layout_, b_layout_, d_layout_, d_layout_,
                                    preference, most, algorithms_.data(), &found);
  lt.cublasLtMatmulPreferenceDestroy(preference);
  algorithms_.resize(static_cast<std::size_t>(std::max(found, 0)));
}

void Matmul::launch(cudaStream_t s) {
  const float one = 1, beta = p_.accumulates() ? 1 : 0;
  const cublasLtMatmulHeuristicResult_t& a = algorithms_[chosen_];
  check_blas(gpu_.blas->lt().cublasLtMatmul(gpu_.blas->handle(), description_, &one, b_.data(), a_layout_, a_.data(),
                                            b_layout_, &beta, d_.data(), d_layout_, d_.data(), d_layout_, &a.algo,
                                            gpu_.blas->workspace(), gpu_.blas->workspace_bytes(), s),
             "cublasLtMatmul");
}

std::vector<float> Matmul::gathered(const void* matrix, kernels::Format format, const std::vector<std::int64_t>& lines,
                                    std::int64_t length, std::int64_t line_stride, std::int64_t step) const {
  DeviceArray<std::int64_t> where(static_cast<std::int64_t>(lines.size()));
  where.upload(lines);
  DeviceArray<float> out(static_cast<std::int64_t>(lines.size()) * length);
  kernels::gather(gpu_.stream, out.data(), matrix, format, where.data(), static_cast<int>(lines.size()), length,
                  line_stride, step);
  profile::check(cudaStreamSynchronize(gpu_.stream), "gather");
  return out.host();
}

double Matmul::scale_of(const std::vector<float>& scales, bool in_blocks, std::int64_t line, std::int64_t line_count,
                        std::int64_t k) const {
  if (!p_.blockwise()) return static_cast<double>(scales[0]);
  const std::int64_t kb = blocks(p_.k);
  std::int64_t at = k / block * line_count + line;
  if (in_blocks) {
    switch (layout_) {
      case BlockScales::along_k_padded: at = line / block * ((kb + 3) / 4 * 4) + k / block; break;
      case BlockScales::along_k: at = line / block * kb + k / block; break;
      case BlockScales::along_n: at = k / block * blocks(line_count) + line / block; break;
    }
  }
  return static_cast<double>(scales[static_cast<std::size_t>(at)]);
}

/// Some rows times some columns in float64, against the device's result for them.
double Matmul::error() {
  constexpr int sampled = 20;
  const std::vector<std::int64_t> rows = sampled_lines(p_.m, sampled), columns = sampled_lines(p_.n, sampled);
  const std::vector<float> before = gathered(d_.data(), p_.output_format(), rows, p_.n, p_.n, 1);
  if (!p_.accumulates()) d_.poison();
  launch(gpu_.stream);
  check_launch("cublasLtMatmul");
  const std::vector<float> after = gathered(d_.data(), p_.output_format(), rows, p_.n, p_.n, 1);
  const std::vector<float> a = p_.a_along_k() ? gathered(a_.data(), p_.input_format(), rows, p_.k, p_.k, 1)
                                              : gathered(a_.data(), p_.input_format(), rows, p_.k, 1, p_.m);
  const std::vector<float> b = p_.b_along_k() ? gathered(b_.data(), p_.input_format(), columns, p_.k, p_.k, 1)
                                              : gathered(b_.data(), p_.input_format(), columns, p_.k, 1, p_.n);
  reference::ErrorNorm norm;
  const auto k = static_cast<std::size_t>(p_.k);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < columns.size(); ++j) {
      const std::size_t at = i * static_cast<std::size_t>(p_.n) + static_cast<std::size_t>(columns[j]);
      double sum = p_.accumulates() ? static_cast<double>(before[at]) : 0;
      for (std::size_t begin = 0; begin < k; begin += block) {
        double part = 0;
        for (std::size_t e = begin; e < std::min(k, begin + block); ++e)
          part += static_cast<double>(a[i * k + e]) * static_cast<double>(b[j * k + e]);
        if (p_.fp8()) {
          part *= scale_of(host_a_scales_, false, rows[i], p_.m, static_cast<std::int64_t>(begin)) *
                  scale_of(host_b_scales_, p_.b_in_blocks(), columns[j], p_.n, static_cast<std::int64_t>(begin));
        }
        sum += part;
      }
      norm.add(static_cast<double>(after[at]), sum);
    }
  }
  return norm.value();
}

Checked Matmul::check() {
  // Hopper's tensor pipe adds FP8 products up with some 14 bits (DeepSeek-V3, arXiv:2412.19437, 3.3.2: nearly 2 % at
  // k = 4096, and more for longer sums), unless partial sums move to fp32.
  const double limit = p_.fast_accumulation() ? e4m3_limit : p_.accumulates() && !p_.fp8() ? 1e-3 : bf16_limit;
  Checked best{error(), limit};
  if (!p_.b_in_blocks()) return best;
  for (const BlockScales layout : {BlockScales::along_k, BlockScales::along_n}) {
    if (best.good()) break;
    layout_ = layout;
    best.error = error();
  }
  return best;
}

}  // namespace sextant::profile
