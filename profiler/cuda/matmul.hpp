// SPDX-License-Identifier: Apache-2.0
// One product on cuBLASLt: descriptors, operands, scales, algorithms. Internal to the GEMM operations.
#pragma once

#include <vector>

#include "profiler/cuda/blas.hpp"
#include "profiler/cuda/operation.hpp"

namespace sextant::profile {

/// D[m x n] = A B, row-major D. How the operands lie follows from pass and format:
///   fwd     A [m x k], B [n x k]          activations times weights
///   dgrad   A [m x k], B [k x n]          gradients times weights
///   wgrad   A [k x m], B [k x n], D fp32 += (the main gradient)
///   FP8     A [m x k], B [n x k] always: Hopper's FP8 units want both operands contiguous along k, and the transposed
///           copies that this takes are cases of their own
struct Product {
  std::int64_t m = 0, n = 0, k = 0;
  KernelDtype dtype = KernelDtype::bf16;
  KernelPass pass = KernelPass::fwd;

  [[nodiscard]] bool fp8() const { return dtype == KernelDtype::fp8 || dtype == KernelDtype::fp8_blockwise; }
  [[nodiscard]] bool blockwise() const { return dtype == KernelDtype::fp8_blockwise; }
  /// FP8 with one scale a tensor adds up in the tensor pipe alone in the forward pass and in fp32 every 128 elements in
  /// the backward, as Transformer Engine's recipes do.
  [[nodiscard]] bool fast_accumulation() const { return dtype == KernelDtype::fp8 && pass == KernelPass::fwd; }
  [[nodiscard]] bool accumulates() const { return pass == KernelPass::wgrad; }
  [[nodiscard]] bool a_along_k() const { return fp8() || pass != KernelPass::wgrad; }
  [[nodiscard]] bool b_along_k() const { return fp8() || pass == KernelPass::fwd; }
  /// Blockwise: weights have a scale for each 128 x 128, activations and gradients for each 1 x 128 along k.
  [[nodiscard]] bool b_in_blocks() const { return blockwise() && pass != KernelPass::wgrad; }
  [[nodiscard]] kernels::Format input_format() const;
  [[nodiscard]] kernels::Format output_format() const {
    return accumulates()                ? kernels::Format::fp32
           : dtype == KernelDtype::fp16 ? kernels::Format::fp16
                                        : kernels::Format::bf16;
  }
  [[nodiscard]] std::int64_t input_width() const { return fp8() ? 1 : 2; }
  [[nodiscard]] std::int64_t output_width() const { return accumulates() ? 4 : 2; }
};

/// How 128 x 128 scales lie; cuBLAS documents along k with a leading dimension padded to 4.
enum class BlockScales { along_k_padded, along_k, along_n };

class Matmul {
 public:
  Matmul(const Gpu& gpu, const Product& product, std::uint64_t seed, int offered_algorithms = 8);
  Matmul(const Matmul&) = delete;
  Matmul& operator=(const Matmul&) = delete;
  ~Matmul();

  void launch(cudaStream_t s);
  [[nodiscard]] Checked check();
  /// Algorithms that cuBLASLt's heuristic offers, best first by its own word.
  [[nodiscard]] int alternatives() const { return static_cast<int>(algorithms_.size()); }
  void choose(int i) { chosen_ = static_cast<std::size_t>(i); }
  [[nodiscard]] bool exists() const { return !algorithms_.empty(); }

 private:
  void make_operands(std::uint64_t seed);
  void make_scales(std::uint64_t seed);
  void describe();
  void find_algorithms(int most);
  double error();
  [[nodiscard]] std::vector<float> gathered(const void* matrix, kernels::Format format,
                                            const std::vector<std::int64_t>& lines, std::int64_t length,
                                            std::int64_t line_stride, std::int64_t step) const;
  [[nodiscard]] double scale_of(const std::vector<float>& scales, bool blocks, std::int64_t line,
                                std::int64_t line_count, std::int64_t k) const;
  template <class T>
  void set(cublasLtMatmulDescAttributes_t attribute, const T& value);

  const Gpu& gpu_;
  Product p_;
  DeviceArray<char> a_, b_, d_;
  DeviceArray<float> a_scales_, b_scales_;
  std::vector<float> host_a_scales_, host_b_scales_;
  BlockScales layout_ = BlockScales::along_k_padded;
  cublasLtMatmulDesc_t description_ = nullptr;
  cublasLtMatrixLayout_t a_layout_ = nullptr, b_layout_ = nullptr, d_layout_ = nullptr;
  std::vector<cublasLtMatmulHeuristicResult_t> algorithms_;
  std::size_t chosen_ = 0;
};

}  // namespace sextant::profile
