// SPDX-License-Identifier: Apache-2.0
#include <cuda_fp16.h>

#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int threads = 256;
constexpr int unroll = 4;

__global__ void __launch_bounds__(threads)
    sextant_copy(uint4* __restrict__ to, const uint4* __restrict__ from, std::int64_t count) {
  const std::int64_t base = static_cast<std::int64_t>(blockIdx.x) * threads * unroll + threadIdx.x;
  uint4 v[unroll];
#pragma unroll
  for (int i = 0; i < unroll; ++i) {
    if (base + i * threads < count) v[i] = __ldcs(from + base + i * threads);
  }
#pragma unroll
  for (int i = 0; i < unroll; ++i) {
    if (base + i * threads < count) __stcs(to + base + i * threads, v[i]);
  }
}

__global__ void __launch_bounds__(threads) sextant_zero(uint4* out, std::int64_t count) {
  const std::int64_t step = static_cast<std::int64_t>(gridDim.x) * threads;
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * threads + threadIdx.x; i < count; i += step) {
    out[i] = make_uint4(0, 0, 0, 0);
  }
}

__global__ void __launch_bounds__(threads)
    sextant_triad(float4* __restrict__ a, const float4* __restrict__ b, const float4* __restrict__ c, float scale,
                  std::int64_t count) {
  const std::int64_t base = static_cast<std::int64_t>(blockIdx.x) * threads * 2 + threadIdx.x;
  float4 x[2], y[2];
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    if (base + i * threads < count) {
      x[i] = __ldcs(b + base + i * threads);
      y[i] = __ldcs(c + base + i * threads);
    }
  }
#pragma unroll
  for (int i = 0; i < 2; ++i) {
    if (base + i * threads < count) {
      const float4 sum{x[i].x + scale * y[i].x, x[i].y + scale * y[i].y, x[i].z + scale * y[i].z,
                       x[i].w + scale * y[i].w};
      __stcs(a + base + i * threads, sum);
    }
  }
}

__global__ void __launch_bounds__(threads)
    sextant_flush(const uint4* buffer, std::int64_t count, float* never_written) {
  unsigned mix = 0;
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * threads + threadIdx.x; i < count;
       i += static_cast<std::int64_t>(gridDim.x) * threads) {
    const uint4 v = __ldcg(buffer + i);
    mix |= v.x | v.y | v.z | v.w;
  }
  if (mix == 0xdeadbeefu) *never_written = 1.0f;  // the buffer holds zeros; the compiler does not know
}

__global__ void sextant_nothing() {}

/// SplitMix64 (Steele, Lea, Flood 2014): one independent value for each index.
__device__ inline std::uint32_t random_bits(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15ull;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return static_cast<std::uint32_t>((z ^ (z >> 31)) >> 32);
}

template <class T>
__device__ inline T from_float(float v);
template <>
__device__ inline float from_float<float>(float v) {
  return v;
}
template <>
__device__ inline __nv_bfloat16 from_float<__nv_bfloat16>(float v) {
  return __float2bfloat16_rn(v);
}
template <>
__device__ inline __half from_float<__half>(float v) {
  return __float2half_rn(v);
}
template <>
__device__ inline __nv_fp8_e4m3 from_float<__nv_fp8_e4m3>(float v) {
  return __nv_fp8_e4m3(v);
}

template <class T>
__global__ void __launch_bounds__(threads) sextant_random(T* out, std::int64_t count, float scale, std::uint64_t seed) {
  const std::int64_t step = static_cast<std::int64_t>(gridDim.x) * threads;
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * threads + threadIdx.x; i < count; i += step) {
    const float unit = static_cast<float>(random_bits(seed, static_cast<std::uint64_t>(i)) >> 8) * 0x1p-24f;
    out[i] = from_float<T>(scale * (2.0f * unit - 1.0f));
  }
}

template <class T>
__global__ void __launch_bounds__(threads)
    sextant_gather(float* out, const T* matrix, const std::int64_t* lines, std::int64_t length,
                   std::int64_t line_stride, std::int64_t step) {
  const T* line = matrix + lines[blockIdx.y] * line_stride;
  const std::int64_t j = static_cast<std::int64_t>(blockIdx.x) * threads + threadIdx.x;
  if (j < length) out[blockIdx.y * length + j] = static_cast<float>(line[j * step]);
}

template <class T>
void random_as(cudaStream_t s, void* out, std::int64_t count, float scale, std::uint64_t seed) {
  const int blocks = std::min(blocks_for(count, threads * 16), 4096);
  launch(s, blocks, threads, sextant_random<T>, static_cast<T*>(out), count, scale, seed);
}

template <class T>
void gather_as(cudaStream_t s, float* out, const void* matrix, const std::int64_t* lines, int line_count,
               std::int64_t length, std::int64_t line_stride, std::int64_t step) {
  const dim3 grid(static_cast<unsigned>(blocks_for(length, threads)), static_cast<unsigned>(line_count));
  launch(s, grid, threads, sextant_gather<T>, out, static_cast<const T*>(matrix), lines, length, line_stride, step);
}

}  // namespace

void copy(cudaStream_t s, void* to, const void* from, std::int64_t bytes) {
  const std::int64_t count = bytes / 16;
  launch(s, blocks_for(count, threads * unroll), threads, sextant_copy, static_cast<uint4*>(to),
         static_cast<const uint4*>(from), count);
}

void triad(cudaStream_t s, float* a, const float* b, const float* c, float scale, std::int64_t count) {
  launch(s, blocks_for(count / 4, threads * 2), threads, sextant_triad, reinterpret_cast<float4*>(a),
         reinterpret_cast<const float4*>(b), reinterpret_cast<const float4*>(c), scale, count / 4);
}

void flush_cache(cudaStream_t s, const void* buffer, std::int64_t bytes, float* never_written) {
  const int blocks = std::clamp(blocks_for(bytes / 16, threads * unroll), 1, 1024);
  launch(s, blocks, threads, sextant_flush, static_cast<const uint4*>(buffer), bytes / 16, never_written);
}

void zero(cudaStream_t s, void* out, std::int64_t bytes) {
  const int blocks = std::clamp(blocks_for(bytes / 16, threads * unroll), 1, 4096);
  launch(s, blocks, threads, sextant_zero, static_cast<uint4*>(out), bytes / 16);
}

void nothing(cudaStream_t s) { launch(s, 1, 32, sextant_nothing); }

void fill_random(cudaStream_t s, void* out, Format format, std::int64_t count, float scale, std::uint64_t seed) {
  switch (format) {
    case Format::bf16: random_as<__nv_bfloat16>(s, out, count, scale, seed); break;
    case Format::fp16: random_as<__half>(s, out, count, scale, seed); break;
    case Format::fp32: random_as<float>(s, out, count, scale, seed); break;
    case Format::e4m3: random_as<__nv_fp8_e4m3>(s, out, count, scale, seed); break;
  }
}

void gather(cudaStream_t s, float* out, const void* matrix, Format format, const std::int64_t* lines, int line_count,
            std::int64_t length, std::int64_t line_stride, std::int64_t step) {
  switch (format) {
    case Format::bf16: gather_as<__nv_bfloat16>(s, out, matrix, lines, line_count, length, line_stride, step); break;
    case Format::fp16: gather_as<__half>(s, out, matrix, lines, line_count, length, line_stride, step); break;
    case Format::fp32: gather_as<float>(s, out, matrix, lines, line_count, length, line_stride, step); break;
    case Format::e4m3: gather_as<__nv_fp8_e4m3>(s, out, matrix, lines, line_count, length, line_stride, step); break;
  }
}

}  // namespace sextant::profile::kernels
