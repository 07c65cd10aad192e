// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/band.hpp"
#include "base/quantity.hpp"

namespace sextant::sim::report {

/// The product of two independent bands, both given around a middle: half widths of logarithms add in squares.
[[nodiscard]] Band<double> product(const Band<double>& a, const Band<double>& b);

/// `value`, which grows as the step time does, with the relative band of that time.
[[nodiscard]] Band<double> with_time(double value, const Band<Seconds>& time, Seconds mid);

/// `value`, which falls as the step time grows.
[[nodiscard]] Band<double> against_time(double value, const Band<Seconds>& time, Seconds mid);

}  // namespace sextant::sim::report
