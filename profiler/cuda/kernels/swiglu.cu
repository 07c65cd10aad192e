// SPDX-License-Identifier: Apache-2.0
// y = silu(gate) * up (Shazeer 2020), its gradient, and the product cast to E4M3 in the same pass.
#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int threads = 256;

__device__ inline float sigmoid(float v) { return __fdividef(1.0f, 1.0f + __expf(-v)); }

/// Where a piece of eight values of the result lies, and its inputs. At most 2^32 pieces.
struct Place {
  std::int64_t result, gate, up;
};
__device__ inline Place place(std::int64_t piece, std::uint32_t pieces_per_row, int width) {
  const auto index = static_cast<std::uint32_t>(piece);  // 64-bit divisions cost some fifty instructions
  const std::uint32_t row = index / pieces_per_row;
  const std::uint32_t column = (index - row * pieces_per_row) * 8;
  const std::int64_t x = 2 * static_cast<std::int64_t>(row) * width + column;
  return {static_cast<std::int64_t>(row) * width + column, x, x + width};
}

__device__ inline void product(const Bf16x8& gate, const Bf16x8& up, float (&out)[8]) {
  float g[8], u[8];
  unpack(gate, g);
  unpack(up, u);
#pragma unroll
  for (int i = 0; i < 8; ++i) out[i] = g[i] * sigmoid(g[i]) * u[i];
}

constexpr int unroll = 4;

__global__ void __launch_bounds__(threads)
    swiglu_fwd(std::int64_t pieces, std::uint32_t per_row, int width, __nv_bfloat16* __restrict__ y,
               const __nv_bfloat16* __restrict__ x) {
  const std::int64_t base = static_cast<std::int64_t>(blockIdx.x) * threads * unroll + threadIdx.x;
  Bf16x8 gate[unroll], up[unroll];
#pragma unroll
  for (int i = 0; i < unroll; ++i) {
    if (base + i * threads >= pieces) continue;
    const Place p = place(base + i * threads, per_row, width);
    gate[i] = load8(x + p.gate);
    up[i] = load8(x + p.up);
  }
#pragma unroll
  for (int i = 0; i < unroll; ++i) {
    if (base + i * threads >= pieces) continue;
    float out[8];
    product(gate[i], up[i], out);
    store8(y + place(base + i * threads, per_row, width).result, pack(out));
  }
}

constexpr int unroll_backward = 2;

__global__ void __launch_bounds__(threads)
    swiglu_bwd(std::int64_t pieces, std::uint32_t per_row, int width, __nv_bfloat16* __restrict__ dx,
               const __nv_bfloat16* __restrict__ dy, const __nv_bfloat16* __restrict__ x) {
  const std::int64_t base = static_cast<std::int64_t>(blockIdx.x) * threads * unroll_backward + threadIdx.x;
  Bf16x8 gate[unroll_backward], up[unroll_backward], grad[unroll_backward];
#pragma unroll
  for (int i = 0; i < unroll_backward; ++i) {
    if (base + i * threads >= pieces) continue;
    const Place p = place(base + i * threads, per_row, width);
    gate[i] = load8(x + p.gate);
    up[i] = load8(x + p.up);
    grad[i] = load8(dy + p.result);
  }
#pragma unroll
  for (int i = 0; i < unroll_backward; ++i) {
    if (base + i * threads >= pieces) continue;
    const Place p = place(base + i * threads, per_row, width);
    float g[8], u[8], d[8], dg[8], du[8];
    unpack(gate[i], g);
    unpack(up[i], u);
    unpack(grad[i], d);
#pragma unroll
    for (int e = 0; e < 8; ++e) {
      const float s = sigmoid(g[e]);
      du[e] = d[e] * g[e] * s;
      dg[e] = d[e] * u[e] * s * (1.0f + g[e] * (1.0f - s));
    }
    store8(dx + p.gate, pack(dg));
    store8(dx + p.up, pack(du));
  }
}

constexpr int block_lanes = 16;  ///< threads that share 128 values

__global__ void __launch_bounds__(threads)
    swiglu_cast_kernel(std::int64_t pieces, std::uint32_t per_row, int tokens, int width, std::uint8_t* __restrict__ y,
                       float* __restrict__ scales, const __nv_bfloat16* __restrict__ x) {
  const std::int64_t base = static_cast<std::int64_t>(blockIdx.x) * threads * unroll_backward + threadIdx.x;
  Bf16x8 gate[unroll_backward] = {}, up[unroll_backward] = {};
#pragma unroll
  for (int i = 0; i < unroll_backward; ++i) {
    if (base + i * threads >= pieces) continue;
    const Place p = place(base + i * threads, per_row, width);
    gate[i] = load8(x + p.gate);
    up[i] = load8(x + p.up);
  }
#pragma unroll
  for (int i = 0; i < unroll_backward; ++i) {
    float out[8];
    product(gate[i], up[i], out);
    const float amax = fmaxf(lanes_max<block_lanes>(amax8(out)), smallest_amax);
    if (base + i * threads >= pieces) continue;  // whole groups of 16 lanes leave together: 128 divides the width
    const Place p = place(base + i * threads, per_row, width);
    *reinterpret_cast<uint2*>(y + p.result) = pack_e4m3(out, e4m3_largest / amax);
    if (threadIdx.x % block_lanes == 0) {
      const std::uint32_t row = static_cast<std::uint32_t>(base + i * threads) / per_row;
      const std::int64_t column = p.result - static_cast<std::int64_t>(row) * width;
      scales[column / 128 * tokens + row] = amax / e4m3_largest;
    }
  }
}

const __nv_bfloat16* in(const Bf16* p) { return reinterpret_cast<const __nv_bfloat16*>(p); }
__nv_bfloat16* out(Bf16* p) { return reinterpret_cast<__nv_bfloat16*>(p); }

}  // namespace

void swiglu_forward(cudaStream_t s, int tokens, int width, Bf16* y, const Bf16* x) {
  const std::int64_t pieces = static_cast<std::int64_t>(tokens) * width / 8;
  launch(s, blocks_for(pieces, threads * unroll), threads, swiglu_fwd, pieces, static_cast<std::uint32_t>(width / 8),
         width, out(y), in(x));
}

void swiglu_backward(cudaStream_t s, int tokens, int width, Bf16* dx, const Bf16* dy, const Bf16* x) {
  const std::int64_t pieces = static_cast<std::int64_t>(tokens) * width / 8;
  launch(s, blocks_for(pieces, threads * unroll_backward), threads, swiglu_bwd, pieces,
         static_cast<std::uint32_t>(width / 8), width, out(dx), in(dy), in(x));
}

void swiglu_cast(cudaStream_t s, int tokens, int width, E4m3* y, float* scales, const Bf16* x) {
  const std::int64_t pieces = static_cast<std::int64_t>(tokens) * width / 8;
  launch(s, blocks_for(pieces, threads * unroll_backward), threads, swiglu_cast_kernel, pieces,
         static_cast<std::uint32_t>(width / 8), tokens, width, y, scales, in(x));
}

}  // namespace sextant::profile::kernels
