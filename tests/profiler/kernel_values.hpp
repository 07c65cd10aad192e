// SPDX-License-Identifier: Apache-2.0
// Random inputs and rows for the tests of kernels.
#pragma once

#include <bit>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "profiler/cuda/reference.hpp"
#include "tests/support/catch.hpp"

namespace sextant::profile::test {

// CUDA's vectors want 16-byte aligned memory; std::vector's storage on Linux is.
using Bits = std::vector<std::uint16_t>;
using Bytes = std::vector<std::uint8_t>;
using Floats = std::vector<float>;

inline constexpr std::uint16_t poison = 0xffff;  // NaN in bf16: an element that is not written is found
inline constexpr double bf16_limit = 4e-3;       // rounding to 8 bits of mantissa

inline std::uint16_t to_bf16(float v) {
  const auto bits = std::bit_cast<std::uint32_t>(v);
  return static_cast<std::uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

inline Bits random_bits(std::size_t count, unsigned seed, float scale = 1) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> draw(-scale, scale);
  Bits out(count);
  for (auto& b : out) b = to_bf16(draw(engine));
  return out;
}

inline Floats random_floats(std::size_t count, unsigned seed, float low, float high) {
  std::mt19937 engine(seed);
  std::uniform_real_distribution<float> draw(low, high);
  Floats out(count);
  for (auto& f : out) f = draw(engine);
  return out;
}

inline std::vector<double> row_of(const Bits& bits, std::size_t row, std::size_t width) {
  return reference::from_bf16(std::span(bits).subspan(row * width, width));
}

inline std::vector<double> doubles(const Floats& f, std::size_t from, std::size_t count) {
  return {f.begin() + static_cast<std::ptrdiff_t>(from), f.begin() + static_cast<std::ptrdiff_t>(from + count)};
}

inline void add(reference::ErrorNorm& error, const std::vector<double>& out, const std::vector<double>& expected) {
  REQUIRE(out.size() == expected.size());
  for (std::size_t i = 0; i < out.size(); ++i) error.add(out[i], expected[i]);
}

}  // namespace sextant::profile::test
