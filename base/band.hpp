// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace sextant {

/// An 80 % band: 10 %, 50 % and 90 % quantiles of the same quantity.
template <class Q>
struct Band {
  Q low{};
  Q mid{};
  Q high{};

  [[nodiscard]] constexpr bool contains(Q v) const { return low <= v && v <= high; }

  /// The band of `f(q)` for a monotone increasing `f`.
  template <class F>
  [[nodiscard]] constexpr auto map(F f) const {
    return Band<decltype(f(mid))>{f(low), f(mid), f(high)};
  }
};

}  // namespace sextant
