// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "profiler/cuda/check.hpp"
#include "profiler/cuda/kernels/kernels.hpp"

namespace sextant::profile {

/// Device memory of `count` values, owned. Plain cudaMalloc: never more than the card has.
template <class T>
class DeviceArray {
 public:
  DeviceArray() = default;
  explicit DeviceArray(std::int64_t count) : count_(count) {
    check(cudaMalloc(reinterpret_cast<void**>(&data_), static_cast<std::size_t>(count) * sizeof(T)), "cudaMalloc");
  }
  DeviceArray(DeviceArray&& o) noexcept : data_(std::exchange(o.data_, nullptr)), count_(std::exchange(o.count_, 0)) {}
  DeviceArray& operator=(DeviceArray&& o) noexcept {
    std::swap(data_, o.data_);
    std::swap(count_, o.count_);
    return *this;
  }
  DeviceArray(const DeviceArray&) = delete;
  DeviceArray& operator=(const DeviceArray&) = delete;
  ~DeviceArray() { cudaFree(data_); }

  [[nodiscard]] T* data() const { return data_; }
  [[nodiscard]] std::int64_t size() const { return count_; }
  [[nodiscard]] std::int64_t bytes() const { return count_ * static_cast<std::int64_t>(sizeof(T)); }

  /// All ones: NaN in every format used here, so that what a kernel does not write is found.
  void poison() { fill(0xff); }
  void zero() { fill(0); }

  /// `count` values from `first` on, on the host.
  [[nodiscard]] std::vector<T> host(std::int64_t first, std::int64_t count) const {
    std::vector<T> out(static_cast<std::size_t>(count));
    check(cudaMemcpy(out.data(), data_ + first, out.size() * sizeof(T), cudaMemcpyDeviceToHost), "cudaMemcpy");
    return out;
  }
  [[nodiscard]] std::vector<T> host() const { return host(0, count_); }
  void upload(const std::vector<T>& values, std::int64_t first = 0) {
    check(cudaMemcpy(data_ + first, values.data(), values.size() * sizeof(T), cudaMemcpyHostToDevice), "cudaMemcpy");
    wait();
  }

 private:
  void fill(int byte) {
    check(cudaMemset(data_, byte, static_cast<std::size_t>(bytes())), "cudaMemset");
    wait();
  }
  /// Fills, and copies out of pageable memory, may still be under way when their calls return (CUDA's "API
  /// synchronization behavior"), and kernels run on a non-blocking stream, which does not wait for them.
  static void wait() { check(cudaStreamSynchronize(cudaStreamLegacy), "cudaStreamSynchronize"); }

  T* data_ = nullptr;
  std::int64_t count_ = 0;
};

[[nodiscard]] inline DeviceArray<kernels::Bf16> random_bf16(cudaStream_t s, std::int64_t count, std::uint64_t seed,
                                                            float scale = 1) {
  DeviceArray<kernels::Bf16> out(count);
  kernels::fill_random(s, out.data(), kernels::Format::bf16, count, scale, seed);
  return out;
}
[[nodiscard]] inline DeviceArray<float> random_fp32(cudaStream_t s, std::int64_t count, std::uint64_t seed,
                                                    float scale = 1) {
  DeviceArray<float> out(count);
  kernels::fill_random(s, out.data(), kernels::Format::fp32, count, scale, seed);
  return out;
}

}  // namespace sextant::profile
