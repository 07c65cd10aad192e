// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/gemm.hpp"

#include <array>
#include <cmath>
#include <cstdint>

#include "sim/kernel/measured.hpp"

namespace sextant::sim {

namespace {

struct Tile {
  double m;
  double n;
  double quality;  ///< rate of this tile relative to the best one when every slot is full
};

// cuBLAS's usual tiles; the small one moves more operand bytes per FLOP.
constexpr std::array<Tile, 3> tiles{{{128, 256, 1.0}, {256, 128, 1.0}, {128, 128, 0.92}}};

constexpr double hbm_share = 0.85;  // of peak bandwidth, streaming operands
constexpr double least_efficiency = 1e-3;

/// std::ceil of a number that a 64-bit integer holds: a library call where the processor's baseline cannot round.
double rounded_up(double x) {
  const auto whole = static_cast<double>(static_cast<std::int64_t>(x));
  return whole < x ? whole + 1.0 : whole;
}

}  // namespace

double wave_efficiency(double m, double n, int sms) {
  double best = least_efficiency;
  for (const Tile& t : tiles) {
    const double count = rounded_up(m / t.m) * rounded_up(n / t.n);
    const double waves = rounded_up(count / sms);
    best = std::max(best, m * n / (waves * sms * t.m * t.n) * t.quality);
  }
  return best;
}

Seconds gemm_time(const Device& device, const GemmClass& family, GemmShape s, double rate_factor) {
  if (!(s.m > 0) || !(s.n > 0) || !(s.k > 0)) return Seconds{};
  const double wave = std::pow(wave_efficiency(s.m, s.n, device.sms), device.wave_exponent);
  const FlopRate rate = family.rate * (rate_factor * wave * s.k / (s.k + family.k_half));
  const Bytes operands{family.input_bytes * (s.m * s.k + s.k * s.n) + 2.0 * s.m * s.n};
  return max(s.flops() / rate, operands / (device.hbm * hbm_share)) + device.kernel_overhead;
}

LinearTime linear_time(const Device& device, const GemmClass& family, GemmShape s, double rate_factor, double groups) {
  LinearTime time{gemm_time(device, family, s, rate_factor), gemm_time(device, family, {s.m, s.k, s.n}, rate_factor),
                  gemm_time(device, family, {s.n, s.k, s.m}, rate_factor * family.wgrad)};
  if (device.measured != nullptr) take_measured(device, family, s, groups, time);
  return time;
}

}  // namespace sextant::sim
