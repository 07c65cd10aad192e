// SPDX-License-Identifier: Apache-2.0
// Rotary positions (Su et al. 2021). A block takes one token; a thread keeps its eight angles while it walks over
// heads.
#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int threads = 128;
constexpr int unroll = 2;

__device__ inline void load_floats(const float* p, float (&out)[8]) {
  const float4 a = __ldg(reinterpret_cast<const float4*>(p));
  const float4 b = __ldg(reinterpret_cast<const float4*>(p) + 1);
  const float v[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
  for (int i = 0; i < 8; ++i) out[i] = v[i];
}

__device__ inline void rotate(const Bf16x8& low, const Bf16x8& high, const float (&c)[8], const float (&s)[8],
                              Bf16x8& out_low, Bf16x8& out_high) {
  float a[8], b[8], u[8], v[8];
  unpack(low, a);
  unpack(high, b);
#pragma unroll
  for (int i = 0; i < 8; ++i) {
    u[i] = a[i] * c[i] - b[i] * s[i];
    v[i] = b[i] * c[i] + a[i] * s[i];
  }
  out_low = pack(u);
  out_high = pack(v);
}

__global__ void __launch_bounds__(threads)
    rope_kernel(int heads, int dim, __nv_bfloat16* __restrict__ y, const __nv_bfloat16* __restrict__ x,
                const float* __restrict__ cosine, const float* __restrict__ sine) {
  const int slots = dim / 16;  // threads that share a head
  const int at = static_cast<int>(threadIdx.x) % slots * 8;
  const int lanes = threads / slots;
  const std::int64_t token = blockIdx.x;
  float c[8], s[8];
  load_floats(cosine + token * (dim / 2) + at, c);
  load_floats(sine + token * (dim / 2) + at, s);
  const std::int64_t base = token * heads * dim + at;
  const int first = static_cast<int>(threadIdx.x) / slots;
  if (first >= lanes) return;  // 128 is not a multiple of every number of slots
  for (int h = first; h < heads; h += unroll * lanes) {
    Bf16x8 low[unroll], high[unroll];
#pragma unroll
    for (int i = 0; i < unroll; ++i) {
      if (h + i * lanes >= heads) continue;
      low[i] = load8(x + base + static_cast<std::int64_t>(h + i * lanes) * dim);
      high[i] = load8(x + base + static_cast<std::int64_t>(h + i * lanes) * dim + dim / 2);
    }
#pragma unroll
    for (int i = 0; i < unroll; ++i) {
      if (h + i * lanes >= heads) continue;
      Bf16x8 u, v;
      rotate(low[i], high[i], c, s, u, v);
      store8(y + base + static_cast<std::int64_t>(h + i * lanes) * dim, u);
      store8(y + base + static_cast<std::int64_t>(h + i * lanes) * dim + dim / 2, v);
    }
  }
}

}  // namespace

void rope(cudaStream_t s, int tokens, int heads, int dim, Bf16* y, const Bf16* x, const float* cosine,
          const float* sine) {
  launch(s, tokens, threads, rope_kernel, heads, dim, reinterpret_cast<__nv_bfloat16*>(y),
         reinterpret_cast<const __nv_bfloat16*>(x), cosine, sine);
}

}  // namespace sextant::profile::kernels
