// SPDX-License-Identifier: Apache-2.0
// Sixteen bytes at a time, and reductions. Every kernel here moves memory in 16-byte accesses, neighbouring threads
// next to each other, with several of them in flight before the first is used.
#pragma once

#include <cuda_bf16.h>
#include <cuda_fp8.h>
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>

#ifdef SEXTANT_SIMT_ON_HOST
#include "profiler/cuda/simt/simt.hpp"
#endif

namespace sextant::profile::kernels {

constexpr int warp_size = 32;
constexpr unsigned all_lanes = 0xffffffffu;

/// Eight bf16 as they lie in memory.
struct alignas(16) Bf16x8 {
  __nv_bfloat162 pair[4];
};

__device__ inline Bf16x8 load8(const __nv_bfloat16* p) {
  const uint4 raw = __ldg(reinterpret_cast<const uint4*>(p));
  return *reinterpret_cast<const Bf16x8*>(&raw);
}
/// The same for memory that the kernel writes later, which the read-only path may not be used for.
__device__ inline Bf16x8 load8_once(const __nv_bfloat16* p) {
  const uint4 raw = __ldcs(reinterpret_cast<const uint4*>(p));
  return *reinterpret_cast<const Bf16x8*>(&raw);
}
__device__ inline void store8(__nv_bfloat16* p, const Bf16x8& v) {
  *reinterpret_cast<uint4*>(p) = *reinterpret_cast<const uint4*>(&v);
}

__device__ inline void unpack(const Bf16x8& v, float (&out)[8]) {
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const float2 f = __bfloat1622float2(v.pair[i]);
    out[2 * i] = f.x;
    out[2 * i + 1] = f.y;
  }
}
__device__ inline Bf16x8 pack(const float (&v)[8]) {
  Bf16x8 out;
#pragma unroll
  for (int i = 0; i < 4; ++i) out.pair[i] = __floats2bfloat162_rn(v[2 * i], v[2 * i + 1]);
  return out;
}

/// Eight floats to eight E4M3, saturating at 448.
__device__ inline uint2 pack_e4m3(const float (&v)[8], float inverse_scale) {
  std::uint32_t word[2];
#pragma unroll
  for (int w = 0; w < 2; ++w) {
    const float2 low{v[4 * w] * inverse_scale, v[4 * w + 1] * inverse_scale};
    const float2 high{v[4 * w + 2] * inverse_scale, v[4 * w + 3] * inverse_scale};
    const std::uint32_t a = __nv_cvt_float2_to_fp8x2(low, __NV_SATFINITE, __NV_E4M3);
    const std::uint32_t b = __nv_cvt_float2_to_fp8x2(high, __NV_SATFINITE, __NV_E4M3);
    word[w] = a | (b << 16);
  }
  return {word[0], word[1]};
}

constexpr float e4m3_largest = 448.0f;
constexpr float smallest_amax = 1e-10f;  ///< blocks of zeros keep a finite scale

__device__ inline float amax8(const float (&v)[8]) {
  float m = 0.0f;
#pragma unroll
  for (int i = 0; i < 8; ++i) m = fmaxf(m, fabsf(v[i]));
  return m;
}

/// Over `width` neighbouring lanes (a power of two).
template <int width>
__device__ inline float lanes_sum(float v) {
#pragma unroll
  for (int step = width / 2; step > 0; step /= 2) v += __shfl_xor_sync(all_lanes, v, step);
  return v;
}
template <int width>
__device__ inline float lanes_max(float v) {
#pragma unroll
  for (int step = width / 2; step > 0; step /= 2) v = fmaxf(v, __shfl_xor_sync(all_lanes, v, step));
  return v;
}

/// Over the block, result in every thread. `scratch` holds 32 floats; a barrier must stand between two uses.
__device__ inline float block_sum(float v, float* scratch) {
  v = lanes_sum<warp_size>(v);
  const int lane = threadIdx.x % warp_size;
  if (lane == 0) scratch[threadIdx.x / warp_size] = v;
  __syncthreads();
  const int warps = (blockDim.x + warp_size - 1) / warp_size;
  return lanes_sum<warp_size>(lane < warps ? scratch[lane] : 0.0f);
}

#ifndef SEXTANT_SIMT_ON_HOST
template <class... Parameters, class... Given>
void launch(cudaStream_t stream, dim3 grid, dim3 block, void (*kernel)(Parameters...), Given... arguments) {
  kernel<<<grid, block, 0, stream>>>(arguments...);
}
#else
template <class... Parameters, class... Given>
void launch(cudaStream_t, dim3 grid, dim3 block, void (*kernel)(Parameters...), Given... arguments) {
  simt::run({grid.x, grid.y, grid.z}, {block.x, block.y, block.z}, [=] { kernel(arguments...); });
}
#endif

inline int blocks_for(std::int64_t work, int per_block) { return static_cast<int>((work + per_block - 1) / per_block); }

}  // namespace sextant::profile::kernels
