// SPDX-License-Identifier: Apache-2.0
// Runs the kernels of this folder on the host, thread by thread, so that their arithmetic and indexing are tested where
// there is no GPU. Every thread of a block is a fibre; barriers and lane exchanges switch between them. It says nothing
// of speed, of races or of memory ordering: those are compute-sanitizer's.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>

namespace sextant::profile::simt {

struct Index {
  unsigned x = 1, y = 1, z = 1;
};

/// What the running thread sees.
[[nodiscard]] const Index& thread_index();
[[nodiscard]] const Index& block_index();
[[nodiscard]] const Index& block_extent();
[[nodiscard]] const Index& grid_extent();

/// Calls `body` for every thread of every block, one block after another.
void run(Index grid, Index block, const std::function<void()>& body);

/// Grids run so far.
[[nodiscard]] std::uint64_t launches();

/// Waits until every thread of the block that still runs has come here.
void barrier();

/// Hands in 8 bytes and gets those of another lane of the warp.
[[nodiscard]] std::uint64_t exchange(std::uint64_t mine, unsigned from_lane);

[[nodiscard]] unsigned lane();

template <class T>
T exchange_as(T mine, unsigned from_lane) {
  static_assert(sizeof(T) <= 8);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &mine, sizeof mine);
  bits = exchange(bits, from_lane);
  T out;
  std::memcpy(&out, &bits, sizeof out);
  return out;
}

}  // namespace sextant::profile::simt

// The language of kernels. These names are CUDA's own.
#undef __global__
#undef __device__
#undef __shared__
#undef __launch_bounds__
#define __global__
#define __device__
#define __shared__ static
#define __launch_bounds__(...)
#define threadIdx (::sextant::profile::simt::thread_index())
#define blockIdx (::sextant::profile::simt::block_index())
#define blockDim (::sextant::profile::simt::block_extent())
#define gridDim (::sextant::profile::simt::grid_extent())

inline void __syncthreads() { ::sextant::profile::simt::barrier(); }

template <class T>
T __shfl_xor_sync(unsigned, T v, int mask) {
  return ::sextant::profile::simt::exchange_as(v, ::sextant::profile::simt::lane() ^ static_cast<unsigned>(mask));
}
template <class T>
T __shfl_sync(unsigned, T v, int from) {
  return ::sextant::profile::simt::exchange_as(v, static_cast<unsigned>(from));
}
template <class T>
T __ldg(const T* p) {
  return *p;
}
template <class T>
T __ldcs(const T* p) {
  return *p;
}
template <class T>
T __ldcg(const T* p) {
  return *p;
}
template <class T>
void __stcs(T* p, T v) {
  *p = v;
}
template <class T>
T atomicAdd(T* p, T v) {
  const T old = *p;
  *p += v;
  return old;
}
inline float __expf(float v) { return std::exp(v); }
inline float __fdividef(float a, float b) { return a / b; }
inline float rsqrtf(float v) { return 1.0f / std::sqrt(v); }
