// SPDX-License-Identifier: Apache-2.0
// y = x * rstd * gamma with rstd = 1 / sqrt(mean(x^2) + epsilon) (Zhang and Sennrich 2019). A row stays in registers:
// each thread holds four 16-byte pieces of it, so it is read once and four loads are in flight.
#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int pieces = 4;          ///< of eight values, per thread
constexpr int most_threads = 512;  ///< 512 * 4 * 8 = 16384 values

int threads_for(int hidden) { return (hidden / 8 + pieces * warp_size - 1) / (pieces * warp_size) * warp_size; }

/// Column of a thread's i-th piece.
__device__ inline int column(int i) { return (i * static_cast<int>(blockDim.x) + static_cast<int>(threadIdx.x)) * 8; }

__global__ void __launch_bounds__(most_threads)
    rms_norm_fwd(RmsNorm shape, __nv_bfloat16* __restrict__ y, float* __restrict__ rstd,
                 const __nv_bfloat16* __restrict__ x, const __nv_bfloat16* __restrict__ gamma) {
  __shared__ float scratch[warp_size];
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * shape.hidden;
  Bf16x8 v[pieces];
#pragma unroll
  for (int i = 0; i < pieces; ++i) {
    if (column(i) < shape.hidden) v[i] = load8(x + row + column(i));
  }
  float squares = 0.0f;
#pragma unroll
  for (int i = 0; i < pieces; ++i) {
    if (column(i) >= shape.hidden) continue;
    float f[8];
    unpack(v[i], f);
#pragma unroll
    for (float e : f) squares += e * e;
  }
  const float r = rsqrtf(block_sum(squares, scratch) / static_cast<float>(shape.hidden) + shape.epsilon);
#pragma unroll
  for (int i = 0; i < pieces; ++i) {
    if (column(i) >= shape.hidden) continue;
    float f[8], g[8];
    unpack(v[i], f);
    unpack(load8(gamma + column(i)), g);
#pragma unroll
    for (int e = 0; e < 8; ++e) f[e] *= r * g[e];
    store8(y + row + column(i), pack(f));
  }
  if (threadIdx.x == 0) rstd[blockIdx.x] = r;
}

struct Row {
  Bf16x8 x[pieces], dy[pieces];
  float rstd;
};

__device__ inline void load_row(Row& r, const RmsNorm& shape, int token, const __nv_bfloat16* x,
                                const __nv_bfloat16* dy, const float* rstd) {
  const std::int64_t row = static_cast<std::int64_t>(token) * shape.hidden;
#pragma unroll
  for (int i = 0; i < pieces; ++i) {
    if (column(i) < shape.hidden) {
      r.x[i] = load8(x + row + column(i));
      r.dy[i] = load8(dy + row + column(i));
    }
  }
  r.rstd = __ldg(rstd + token);
}

/// Blocks walk over the rows and keep their part of gamma's gradient in registers; the next row is loaded while this
/// one is worked on. dx = rstd * (g dy - x * rstd^2 * mean(g dy x)).
__global__ void __launch_bounds__(most_threads, 1)
    rms_norm_bwd(RmsNorm shape, __nv_bfloat16* __restrict__ dx, float* __restrict__ partial,
                 const __nv_bfloat16* __restrict__ dy, const __nv_bfloat16* __restrict__ x,
                 const __nv_bfloat16* __restrict__ gamma, const float* __restrict__ rstd) {
  __shared__ float scratch[2][warp_size];
  float sums[pieces][8] = {};
  Row row;
  int parity = 0;
  if (blockIdx.x < shape.tokens) load_row(row, shape, static_cast<int>(blockIdx.x), x, dy, rstd);
  for (int token = static_cast<int>(blockIdx.x); token < shape.tokens; token += static_cast<int>(gridDim.x)) {
    const Row now = row;
    if (token + static_cast<int>(gridDim.x) < shape.tokens)
      load_row(row, shape, token + static_cast<int>(gridDim.x), x, dy, rstd);
    float dot = 0.0f;
#pragma unroll
    for (int i = 0; i < pieces; ++i) {
      if (column(i) >= shape.hidden) continue;
      float a[8], d[8], g[8];
      unpack(now.x[i], a);
      unpack(now.dy[i], d);
      unpack(load8(gamma + column(i)), g);  // from the first cache; registers are scarcer
#pragma unroll
      for (int e = 0; e < 8; ++e) {
        dot += a[e] * d[e] * g[e];
        sums[i][e] += a[e] * d[e] * now.rstd;
      }
    }
    parity ^= 1;  // two scratch rows: one barrier a token is enough
    const float mean = block_sum(dot, scratch[parity]) / static_cast<float>(shape.hidden);
    const float pull = now.rstd * now.rstd * mean;
#pragma unroll
    for (int i = 0; i < pieces; ++i) {
      if (column(i) >= shape.hidden) continue;
      float a[8], d[8], g[8], out[8];
      unpack(now.x[i], a);
      unpack(now.dy[i], d);
      unpack(load8(gamma + column(i)), g);  // from the first cache; registers are scarcer
#pragma unroll
      for (int e = 0; e < 8; ++e) out[e] = now.rstd * (g[e] * d[e] - a[e] * pull);
      store8(dx + static_cast<std::int64_t>(token) * shape.hidden + column(i), pack(out));
    }
  }
#pragma unroll
  for (int i = 0; i < pieces; ++i) {
    if (column(i) >= shape.hidden) continue;
    float4* to = reinterpret_cast<float4*>(partial + static_cast<std::int64_t>(blockIdx.x) * shape.hidden + column(i));
    to[0] = {sums[i][0], sums[i][1], sums[i][2], sums[i][3]};
    to[1] = {sums[i][4], sums[i][5], sums[i][6], sums[i][7]};
  }
}

constexpr int column_lanes = 32;
constexpr int row_lanes = 16;

/// Adds up the blocks' parts: 32 columns a block, 16 rows of them at a time.
__global__ void __launch_bounds__(column_lanes* row_lanes)
    rms_norm_dgamma(int hidden, int parts, float* __restrict__ dgamma, const float* __restrict__ partial) {
  __shared__ float scratch[row_lanes][column_lanes + 1];
  const int lane = threadIdx.x % column_lanes;
  const int line = threadIdx.x / column_lanes;
  const int c = static_cast<int>(blockIdx.x) * column_lanes + lane;
  float sum = 0.0f;
  if (c < hidden) {
#pragma unroll 4
    for (int p = line; p < parts; p += row_lanes) sum += __ldg(partial + static_cast<std::int64_t>(p) * hidden + c);
  }
  scratch[line][lane] = sum;
  __syncthreads();
  if (line > 0 || c >= hidden) return;
  for (int i = 1; i < row_lanes; ++i) sum += scratch[i][lane];
  dgamma[c] = sum;
}

const __nv_bfloat16* in(const Bf16* p) { return reinterpret_cast<const __nv_bfloat16*>(p); }
__nv_bfloat16* out(Bf16* p) { return reinterpret_cast<__nv_bfloat16*>(p); }

}  // namespace

void rms_norm_forward(cudaStream_t s, RmsNorm shape, Bf16* y, float* rstd, const Bf16* x, const Bf16* gamma) {
  launch(s, shape.tokens, threads_for(shape.hidden), rms_norm_fwd, shape, out(y), rstd, in(x), in(gamma));
}

int rms_norm_partials(int hidden, int sms) {
  return sms * (threads_for(hidden) >= 384 ? 1 : threads_for(hidden) >= 160 ? 2 : 4);
}

void rms_norm_backward(cudaStream_t s, RmsNorm shape, int sms, Bf16* dx, float* dgamma, float* partial, const Bf16* dy,
                       const Bf16* x, const Bf16* gamma, const float* rstd) {
  const int parts = rms_norm_partials(shape.hidden, sms);
  launch(s, parts, threads_for(shape.hidden), rms_norm_bwd, shape, out(dx), partial, in(dy), in(x), in(gamma), rstd);
  launch(s, blocks_for(shape.hidden, column_lanes), column_lanes * row_lanes, rms_norm_dgamma, shape.hidden, parts,
         dgamma, partial);
}

}  // namespace sextant::profile::kernels
