// SPDX-License-Identifier: Apache-2.0
// Softmax loss over one shard of the vocabulary. The first pass keeps a running maximum and sum (Milakov and Gimelshein
// 2018), so logits are read twice and written once in all; between the passes the ranks exchange three numbers a token.
#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int threads = 512;
constexpr int unroll = 4;
constexpr float lowest = -3.0e38f;

struct Running {
  float largest = lowest;
  float sum = 0.0f;
};

__device__ inline Running merged(const Running& a, const Running& b) {
  const float m = fmaxf(a.largest, b.largest);
  return {m, a.sum * __expf(a.largest - m) + b.sum * __expf(b.largest - m)};
}

__device__ inline void take(Running& r, const Bf16x8& piece) {
  float f[8];
  unpack(piece, f);
  float m = r.largest;
#pragma unroll
  for (float v : f) m = fmaxf(m, v);
  float sum = r.sum * __expf(r.largest - m);
#pragma unroll
  for (float v : f) sum += __expf(v - m);
  r = {m, sum};
}

__device__ inline Running over_lanes(Running r) {
#pragma unroll
  for (int step = warp_size / 2; step > 0; step /= 2) {
    r = merged(r, {__shfl_xor_sync(all_lanes, r.largest, step), __shfl_xor_sync(all_lanes, r.sum, step)});
  }
  return r;
}

__global__ void __launch_bounds__(threads)
    loss_statistics_kernel(CrossEntropy shape, float* __restrict__ largest, float* __restrict__ sum,
                           float* __restrict__ target_logit, const __nv_bfloat16* __restrict__ logits,
                           const int* __restrict__ targets) {
  __shared__ float largest_of[threads / warp_size];
  __shared__ float sum_of[threads / warp_size];
  const std::int64_t token = blockIdx.x;
  const __nv_bfloat16* row = logits + token * shape.vocab;
  Running r;
  for (int base = threadIdx.x * 8; base < shape.vocab; base += threads * 8 * unroll) {
    Bf16x8 v[unroll];
#pragma unroll
    for (int i = 0; i < unroll; ++i) {
      if (base + i * threads * 8 < shape.vocab) v[i] = load8(row + base + i * threads * 8);
    }
#pragma unroll
    for (int i = 0; i < unroll; ++i) {
      if (base + i * threads * 8 < shape.vocab) take(r, v[i]);
    }
  }
  r = over_lanes(r);
  if (threadIdx.x % warp_size == 0) {
    largest_of[threadIdx.x / warp_size] = r.largest;
    sum_of[threadIdx.x / warp_size] = r.sum;
  }
  __syncthreads();
  if (threadIdx.x >= warp_size) return;
  r = {};
  if (threadIdx.x < threads / warp_size) r = {largest_of[threadIdx.x], sum_of[threadIdx.x]};
  r = over_lanes(r);
  if (threadIdx.x > 0) return;
  const int target = targets[token] - shape.first;
  largest[token] = r.largest;
  sum[token] = r.sum;
  target_logit[token] = target >= 0 && target < shape.vocab ? __bfloat162float(row[target]) : 0.0f;
}

constexpr int gradient_threads = 256;

__global__ void __launch_bounds__(gradient_threads)
    loss_gradient_kernel(CrossEntropy shape, __nv_bfloat16* __restrict__ gradient,
                         const __nv_bfloat16* __restrict__ logits, const float* __restrict__ largest,
                         const float* __restrict__ sum, const int* __restrict__ targets, float scale) {
  const std::int64_t token = blockIdx.y;
  const int first = (static_cast<int>(blockIdx.x) * gradient_threads * unroll + static_cast<int>(threadIdx.x)) * 8;
  const __nv_bfloat16* row = logits + token * shape.vocab;
  Bf16x8 v[unroll];
#pragma unroll
  for (int i = 0; i < unroll; ++i) {
    const int c = first + i * gradient_threads * 8;
    if (c < shape.vocab) v[i] = load8(row + c);
  }
  const float m = __ldg(largest + token);
  const float inverse = scale / __ldg(sum + token);
  const int target = __ldg(targets + token) - shape.first;
#pragma unroll
  for (int i = 0; i < unroll; ++i) {
    const int c = first + i * gradient_threads * 8;
    if (c >= shape.vocab) continue;
    float f[8];
    unpack(v[i], f);
#pragma unroll
    for (int e = 0; e < 8; ++e) f[e] = __expf(f[e] - m) * inverse - (c + e == target ? scale : 0.0f);
    store8(gradient + token * shape.vocab + c, pack(f));
  }
}

}  // namespace

void loss_statistics(cudaStream_t s, CrossEntropy shape, float* largest, float* sum, float* target_logit,
                     const Bf16* logits, const int* targets) {
  launch(s, shape.tokens, threads, loss_statistics_kernel, shape, largest, sum, target_logit,
         reinterpret_cast<const __nv_bfloat16*>(logits), targets);
}

void loss_gradient(cudaStream_t s, CrossEntropy shape, Bf16* gradient, const Bf16* logits, const float* largest,
                   const float* sum, const int* targets, float scale) {
  const dim3 grid(static_cast<unsigned>(blocks_for(shape.vocab, gradient_threads * unroll * 8)),
                  static_cast<unsigned>(shape.tokens));
  launch(s, grid, gradient_threads, loss_gradient_kernel, shape, reinterpret_cast<__nv_bfloat16*>(gradient),
         reinterpret_cast<const __nv_bfloat16*>(logits), largest, sum, targets, scale);
}

}  // namespace sextant::profile::kernels
