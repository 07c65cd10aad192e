// SPDX-License-Identifier: Apache-2.0
// Quantities with named dimensions: a rate times a time is an amount, and flops plus bytes does not compile.
#pragma once

#include <algorithm>
#include <compare>

namespace sextant {

/// Exponents of the base dimensions. `gpu` counts devices, so GPU-hours are `gpu * second`.
struct Dim {
  int flop = 0;
  int byte = 0;
  int second = 0;
  int dollar = 0;
  int joule = 0;
  int gpu = 0;
  int token = 0;

  constexpr bool operator==(const Dim&) const = default;
};

constexpr Dim operator+(Dim a, Dim b) {
  return {a.flop + b.flop,   a.byte + b.byte, a.second + b.second, a.dollar + b.dollar,
          a.joule + b.joule, a.gpu + b.gpu,   a.token + b.token};
}
constexpr Dim operator-(Dim a, Dim b) {
  return {a.flop - b.flop,   a.byte - b.byte, a.second - b.second, a.dollar - b.dollar,
          a.joule - b.joule, a.gpu - b.gpu,   a.token - b.token};
}

/// A double with a dimension. `value()` is in base units (FLOP, byte, second, US dollar, joule, GPU, token) and is
/// meant for formatting, JSON and the fit only.
template <Dim D>
class Quantity {
 public:
  static constexpr Dim dim = D;

  constexpr Quantity() = default;
  constexpr explicit Quantity(double base_units) : value_(base_units) {}

  [[nodiscard]] constexpr double value() const { return value_; }

  constexpr Quantity& operator+=(Quantity o) {
    value_ += o.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity o) {
    value_ -= o.value_;
    return *this;
  }
  constexpr Quantity& operator*=(double s) {
    value_ *= s;
    return *this;
  }
  constexpr auto operator<=>(const Quantity&) const = default;

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity{a.value_ + b.value_}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity{a.value_ - b.value_}; }
  friend constexpr Quantity operator-(Quantity a) { return Quantity{-a.value_}; }
  friend constexpr Quantity operator*(Quantity a, double s) { return Quantity{a.value_ * s}; }
  friend constexpr Quantity operator*(double s, Quantity a) { return Quantity{a.value_ * s}; }
  friend constexpr Quantity operator/(Quantity a, double s) { return Quantity{a.value_ / s}; }

 private:
  double value_ = 0.0;
};

/// Product of two quantities; a plain double when the dimensions cancel.
template <Dim A, Dim B>
constexpr auto operator*(Quantity<A> a, Quantity<B> b) {
  if constexpr (A + B == Dim{}) {
    return a.value() * b.value();
  } else {
    return Quantity<A + B>{a.value() * b.value()};
  }
}

/// Quotient of two quantities; a plain double when the dimensions are equal.
template <Dim A, Dim B>
constexpr auto operator/(Quantity<A> a, Quantity<B> b) {
  if constexpr (A == B) {
    return a.value() / b.value();
  } else {
    return Quantity<A - B>{a.value() / b.value()};
  }
}

template <Dim B>
constexpr auto operator/(double a, Quantity<B> b) {
  return Quantity<Dim{} - B>{a / b.value()};
}

template <Dim D>
constexpr Quantity<D> max(Quantity<D> a, Quantity<D> b) {
  return a < b ? b : a;
}
template <Dim D>
constexpr Quantity<D> min(Quantity<D> a, Quantity<D> b) {
  return b < a ? b : a;
}

using Flops = Quantity<Dim{.flop = 1}>;
using Bytes = Quantity<Dim{.byte = 1}>;
using Seconds = Quantity<Dim{.second = 1}>;
using Dollars = Quantity<Dim{.dollar = 1}>;
using Joules = Quantity<Dim{.joule = 1}>;
using Gpus = Quantity<Dim{.gpu = 1}>;
using Tokens = Quantity<Dim{.token = 1}>;

using FlopRate = Quantity<Dim{.flop = 1, .second = -1}>;
using ByteRate = Quantity<Dim{.byte = 1, .second = -1}>;
using Watts = Quantity<Dim{.second = -1, .joule = 1}>;
using GpuTime = Quantity<Dim{.second = 1, .gpu = 1}>;
using GpuPrice = Quantity<Dim{.second = -1, .dollar = 1, .gpu = -1}>;
using TokenRate = Quantity<Dim{.second = -1, .token = 1}>;
using EnergyPrice = Quantity<Dim{.dollar = 1, .joule = -1}>;

namespace literals {
constexpr Bytes operator""_B(long double v) { return Bytes{static_cast<double>(v)}; }
constexpr Bytes operator""_B(unsigned long long v) { return Bytes{static_cast<double>(v)}; }
constexpr Bytes operator""_KB(unsigned long long v) { return Bytes{static_cast<double>(v) * 1e3}; }
constexpr Bytes operator""_MB(unsigned long long v) { return Bytes{static_cast<double>(v) * 1e6}; }
constexpr Bytes operator""_GB(unsigned long long v) { return Bytes{static_cast<double>(v) * 1e9}; }
constexpr Bytes operator""_KiB(unsigned long long v) { return Bytes{static_cast<double>(v) * 1024.0}; }
constexpr Bytes operator""_MiB(unsigned long long v) { return Bytes{static_cast<double>(v) * 1048576.0}; }
constexpr Bytes operator""_GiB(unsigned long long v) { return Bytes{static_cast<double>(v) * 1073741824.0}; }
constexpr ByteRate operator""_GBps(long double v) { return ByteRate{static_cast<double>(v) * 1e9}; }
constexpr ByteRate operator""_GBps(unsigned long long v) { return ByteRate{static_cast<double>(v) * 1e9}; }
constexpr FlopRate operator""_TFLOPS(long double v) { return FlopRate{static_cast<double>(v) * 1e12}; }
constexpr FlopRate operator""_TFLOPS(unsigned long long v) { return FlopRate{static_cast<double>(v) * 1e12}; }
constexpr Seconds operator""_s(long double v) { return Seconds{static_cast<double>(v)}; }
constexpr Seconds operator""_s(unsigned long long v) { return Seconds{static_cast<double>(v)}; }
constexpr Seconds operator""_ms(long double v) { return Seconds{static_cast<double>(v) * 1e-3}; }
constexpr Seconds operator""_us(long double v) { return Seconds{static_cast<double>(v) * 1e-6}; }
constexpr Seconds operator""_us(unsigned long long v) { return Seconds{static_cast<double>(v) * 1e-6}; }
constexpr Seconds operator""_h(unsigned long long v) { return Seconds{static_cast<double>(v) * 3600.0}; }
}  // namespace literals

}  // namespace sextant
