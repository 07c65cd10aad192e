// SPDX-License-Identifier: Apache-2.0
// Tokens into expert order and back. Three kernels: rank of each choice within its expert (counted in shared memory,
// one atomic a block and expert), offsets of the experts padded to 128 rows, and the copy, which reads a token once and
// writes it top_k times.
#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int rank_threads = 512;
constexpr int most_experts = 256;
constexpr int row_padding = 128;
constexpr int copy_threads = 256;
constexpr int pieces = 4;

__global__ void __launch_bounds__(rank_threads) permute_rank(int choices, int experts, int* __restrict__ ranks,
                                                             int* __restrict__ counts, const int* __restrict__ chosen) {
  __shared__ int local[most_experts];
  __shared__ int base[most_experts];
  for (int e = threadIdx.x; e < experts; e += rank_threads) local[e] = 0;
  __syncthreads();
  const int i = static_cast<int>(blockIdx.x) * rank_threads + static_cast<int>(threadIdx.x);
  const int expert = i < choices ? chosen[i] : 0;
  const int rank = i < choices ? atomicAdd(&local[expert], 1) : 0;
  __syncthreads();
  for (int e = threadIdx.x; e < experts; e += rank_threads)
    base[e] = local[e] > 0 ? atomicAdd(&counts[e], local[e]) : 0;
  __syncthreads();
  if (i < choices) ranks[i] = base[expert] + rank;
}

/// One block. Prefix sum over at most 256 experts; the counts are left at zero for the next call.
__global__ void __launch_bounds__(most_experts)
    permute_offsets(int experts, int* __restrict__ offsets, int* __restrict__ counts) {
  __shared__ int sums[most_experts];
  const int e = static_cast<int>(threadIdx.x);
  const int padded = e < experts ? (counts[e] + row_padding - 1) / row_padding * row_padding : 0;
  sums[e] = padded;
  __syncthreads();
  for (int step = 1; step < most_experts; step *= 2) {
    const int other = e >= step ? sums[e - step] : 0;
    __syncthreads();
    sums[e] += other;
    __syncthreads();
  }
  if (e >= experts) return;
  offsets[e] = sums[e] - padded;
  if (e == experts - 1) offsets[experts] = sums[e];
  counts[e] = 0;
}

__global__ void __launch_bounds__(copy_threads)
    permute_copy(int hidden, int top_k, uint4* __restrict__ y, int* __restrict__ rows, const uint4* __restrict__ x,
                 const int* __restrict__ chosen, const int* __restrict__ ranks, const int* __restrict__ offsets) {
  __shared__ std::int64_t to[warp_size];
  const std::int64_t token = blockIdx.x;
  const int width = hidden / 8;
  if (threadIdx.x < top_k) {
    const std::int64_t i = token * top_k + threadIdx.x;
    const int row = offsets[chosen[i]] + ranks[i];
    rows[i] = row;
    to[threadIdx.x] = static_cast<std::int64_t>(row) * width;
  }
  const uint4* from = x + token * width;
  __syncthreads();
  for (int base = threadIdx.x; base < width; base += copy_threads * pieces) {
    uint4 v[pieces];
#pragma unroll
    for (int i = 0; i < pieces; ++i) {
      if (base + i * copy_threads < width) v[i] = __ldg(from + base + i * copy_threads);
    }
    for (int j = 0; j < top_k; ++j) {
#pragma unroll
      for (int i = 0; i < pieces; ++i) {
        if (base + i * copy_threads < width) __stcs(y + to[j] + base + i * copy_threads, v[i]);
      }
    }
  }
}

__global__ void __launch_bounds__(copy_threads)
    unpermute_kernel(int hidden, int top_k, __nv_bfloat16* __restrict__ y, const __nv_bfloat16* __restrict__ x,
                     const int* __restrict__ rows, const float* __restrict__ weights) {
  __shared__ std::int64_t from[warp_size];
  __shared__ float weight[warp_size];
  const std::int64_t token = blockIdx.x;
  if (threadIdx.x < top_k) {
    from[threadIdx.x] = static_cast<std::int64_t>(rows[token * top_k + threadIdx.x]) * hidden;
    weight[threadIdx.x] = weights[token * top_k + threadIdx.x];
  }
  __syncthreads();
  for (int c = threadIdx.x * 8; c < hidden; c += copy_threads * 8) {
    float sum[8] = {};
#pragma unroll 4
    for (int j = 0; j < top_k; ++j) {
      float f[8];
      unpack(load8(x + from[j] + c), f);
#pragma unroll
      for (int e = 0; e < 8; ++e) sum[e] += weight[j] * f[e];
    }
    store8(y + token * hidden + c, pack(sum));
  }
}

}  // namespace

void permute(cudaStream_t s, Permute shape, Bf16* y, int* rows, int* ranks, int* counts, int* offsets, const Bf16* x,
             const int* chosen) {
  const int choices = shape.tokens * shape.top_k;
  launch(s, blocks_for(choices, rank_threads), rank_threads, permute_rank, choices, shape.experts, ranks, counts,
         chosen);
  launch(s, 1, most_experts, permute_offsets, shape.experts, offsets, counts);
  launch(s, shape.tokens, copy_threads, permute_copy, shape.hidden, shape.top_k, reinterpret_cast<uint4*>(y), rows,
         reinterpret_cast<const uint4*>(x), chosen, ranks, offsets);
}

void unpermute(cudaStream_t s, Permute shape, Bf16* y, const Bf16* x, const int* rows, const float* weights) {
  launch(s, shape.tokens, copy_threads, unpermute_kernel, shape.hidden, shape.top_k,
         reinterpret_cast<__nv_bfloat16*>(y), reinterpret_cast<const __nv_bfloat16*>(x), rows, weights);
}

}  // namespace sextant::profile::kernels
