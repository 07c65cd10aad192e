// SPDX-License-Identifier: Apache-2.0
// bf16 to E4M3 with one scale for each 1 x 128 (activations) or 128 x 128 (weights) values, as DeepSeek-V3 trains
// (arXiv:2412.19437, 3.3.2), and the transposed copy that its weight gradient needs.
#include "profiler/cuda/kernels/common.cuh"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile::kernels {

namespace {

constexpr int threads = 256;
constexpr int block_lanes = 16;  ///< threads that share 128 values
constexpr int tile = 128;
constexpr int tile_pieces = 8;  ///< pieces of eight values per thread in a 128 x 128 tile

constexpr int unroll = 4;

__global__ void __launch_bounds__(threads)
    cast_rows_kernel(std::int64_t pieces, int rows, int columns, std::uint8_t* __restrict__ y,
                     float* __restrict__ scales, const __nv_bfloat16* __restrict__ x) {
  const std::int64_t base = static_cast<std::int64_t>(blockIdx.x) * threads * unroll + threadIdx.x;
  Bf16x8 v[unroll] = {};
#pragma unroll
  for (int i = 0; i < unroll; ++i) {
    if (base + i * threads < pieces) v[i] = load8(x + (base + i * threads) * 8);
  }
#pragma unroll
  for (int i = 0; i < unroll; ++i) {
    float f[8];
    unpack(v[i], f);
    const float amax = fmaxf(lanes_max<block_lanes>(amax8(f)), smallest_amax);
    const std::int64_t piece = base + i * threads;
    if (piece >= pieces) continue;
    *reinterpret_cast<uint2*>(y + piece * 8) = pack_e4m3(f, e4m3_largest / amax);
    if (threadIdx.x % block_lanes == 0) {
      const std::uint32_t row = static_cast<std::uint32_t>(piece) / static_cast<std::uint32_t>(columns / 8);
      const std::int64_t column = piece * 8 - static_cast<std::int64_t>(row) * columns;
      scales[column / tile * rows + row] = amax / e4m3_largest;
    }
  }
}

/// Row of the thread's i-th piece inside a tile; its column is (thread % 16) * 8.
__device__ inline int tile_row(int i) {
  return i * (threads / block_lanes) + static_cast<int>(threadIdx.x) / block_lanes;
}

__device__ inline void load_tile(Bf16x8 (&v)[tile_pieces], const __nv_bfloat16* x, int columns) {
  const std::int64_t corner =
      static_cast<std::int64_t>(blockIdx.y) * tile * columns + static_cast<std::int64_t>(blockIdx.x) * tile;
  const int c = static_cast<int>(threadIdx.x) % block_lanes * 8;
#pragma unroll
  for (int i = 0; i < tile_pieces; ++i) v[i] = load8(x + corner + static_cast<std::int64_t>(tile_row(i)) * columns + c);
}

__global__ void __launch_bounds__(threads)
    cast_blocks_kernel(int columns, std::uint8_t* __restrict__ y, float* __restrict__ scales,
                       const __nv_bfloat16* __restrict__ x) {
  __shared__ float scratch[threads / warp_size];
  Bf16x8 v[tile_pieces];
  load_tile(v, x, columns);
  float amax = smallest_amax;
#pragma unroll
  for (int i = 0; i < tile_pieces; ++i) {
    float f[8];
    unpack(v[i], f);
    amax = fmaxf(amax, amax8(f));
  }
  amax = lanes_max<warp_size>(amax);
  if (threadIdx.x % warp_size == 0) scratch[threadIdx.x / warp_size] = amax;
  __syncthreads();
#pragma unroll
  for (float s : scratch) amax = fmaxf(amax, s);
  const std::int64_t corner =
      static_cast<std::int64_t>(blockIdx.y) * tile * columns + static_cast<std::int64_t>(blockIdx.x) * tile;
#pragma unroll
  for (int i = 0; i < tile_pieces; ++i) {
    float f[8];
    unpack(v[i], f);
    const std::int64_t at =
        corner + static_cast<std::int64_t>(tile_row(i)) * columns + static_cast<int>(threadIdx.x) % block_lanes * 8;
    *reinterpret_cast<uint2*>(y + at) = pack_e4m3(f, e4m3_largest / amax);
  }
  if (threadIdx.x == 0) scales[blockIdx.y * gridDim.x + blockIdx.x] = amax / e4m3_largest;
}

/// The tile in shared memory as 64 words of two bf16 a row. Rows 16 apart are read together in the transposed pass, so
/// words are exchanged by the row's sixteen: 8 such rows x 4 neighbouring words then touch all 32 banks once.
__device__ inline int word_at(int row, int word) { return row * (tile / 2) + (word ^ ((row >> 4) << 2)); }

__global__ void __launch_bounds__(threads, 4)
    cast_transpose_kernel(int rows, int columns, std::uint8_t* __restrict__ y, float* __restrict__ scales,
                          std::uint8_t* __restrict__ yt, float* __restrict__ scales_t,
                          const __nv_bfloat16* __restrict__ x) {
  alignas(16) __shared__ std::uint32_t words[tile * tile / 2];
  Bf16x8 v[tile_pieces];
  load_tile(v, x, columns);
  const int lane16 = static_cast<int>(threadIdx.x) % block_lanes;
  const std::int64_t first_row = static_cast<std::int64_t>(blockIdx.y) * tile;
#pragma unroll
  for (int i = 0; i < tile_pieces; ++i) {
    const int r = tile_row(i);
    *reinterpret_cast<uint4*>(words + word_at(r, lane16 * 4)) = *reinterpret_cast<const uint4*>(&v[i]);
    float f[8];
    unpack(v[i], f);
    const float amax = fmaxf(lanes_max<block_lanes>(amax8(f)), smallest_amax);
    *reinterpret_cast<uint2*>(y + (first_row + r) * columns + static_cast<std::int64_t>(blockIdx.x) * tile +
                              lane16 * 8) = pack_e4m3(f, e4m3_largest / amax);
    if (lane16 == 0) scales[static_cast<std::int64_t>(blockIdx.x) * rows + first_row + r] = amax / e4m3_largest;
  }
  __syncthreads();

  // Eight lanes take a pair of columns, sixteen rows each: 16 bytes of each transposed row.
  constexpr int pairs_at_once = threads / 8;
  const int part = static_cast<int>(threadIdx.x) % 8;
#pragma unroll
  for (int step = 0; step < tile / 2 / pairs_at_once; ++step) {
    const int pair = step * pairs_at_once + static_cast<int>(threadIdx.x) / 8;
    float a[2][16];
    float amax[2] = {smallest_amax, smallest_amax};
#pragma unroll
    for (int r = 0; r < 16; ++r) {
      const std::uint32_t w = words[word_at(part * 16 + r, pair)];
      const float2 f = __bfloat1622float2(*reinterpret_cast<const __nv_bfloat162*>(&w));
      a[0][r] = f.x;
      a[1][r] = f.y;
      amax[0] = fmaxf(amax[0], fabsf(f.x));
      amax[1] = fmaxf(amax[1], fabsf(f.y));
    }
#pragma unroll
    for (int side = 0; side < 2; ++side) {
      const float m = lanes_max<8>(amax[side]);
      const std::int64_t column = static_cast<std::int64_t>(blockIdx.x) * tile + 2 * pair + side;
      float low[8], high[8];
#pragma unroll
      for (int r = 0; r < 8; ++r) {
        low[r] = a[side][r];
        high[r] = a[side][r + 8];
      }
      const uint2 l = pack_e4m3(low, e4m3_largest / m), h = pack_e4m3(high, e4m3_largest / m);
      *reinterpret_cast<uint4*>(yt + column * rows + first_row + part * 16) = {l.x, l.y, h.x, h.y};
      if (part == 0) scales_t[static_cast<std::int64_t>(blockIdx.y) * columns + column] = m / e4m3_largest;
    }
  }
}

const __nv_bfloat16* in(const Bf16* p) { return reinterpret_cast<const __nv_bfloat16*>(p); }

}  // namespace

void cast_rows(cudaStream_t s, int rows, int columns, E4m3* y, float* scales, const Bf16* x) {
  const std::int64_t pieces = static_cast<std::int64_t>(rows) * columns / 8;
  launch(s, blocks_for(pieces, threads * unroll), threads, cast_rows_kernel, pieces, rows, columns, y, scales, in(x));
}

void cast_blocks(cudaStream_t s, int rows, int columns, E4m3* y, float* scales, const Bf16* x) {
  const dim3 grid(static_cast<unsigned>(columns / tile), static_cast<unsigned>(rows / tile));
  launch(s, grid, threads, cast_blocks_kernel, columns, y, scales, in(x));
}

void cast_transpose(cudaStream_t s, int rows, int columns, E4m3* y, float* scales, E4m3* yt, float* scales_t,
                    const Bf16* x) {
  const dim3 grid(static_cast<unsigned>(columns / tile), static_cast<unsigned>(rows / tile));
  launch(s, grid, threads, cast_transpose_kernel, rows, columns, y, scales, yt, scales_t, in(x));
}

}  // namespace sextant::profile::kernels
