// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/band.hpp"
#include "base/quantity.hpp"
#include "sim/uncertainty/product.hpp"

namespace sextant::sim::report {

/// `value`, which grows as the step time does, with the relative band of that time.
[[nodiscard]] Band<double> with_time(double value, const Band<Seconds>& time, Seconds mid);

/// `value`, which falls as the step time grows.
[[nodiscard]] Band<double> against_time(double value, const Band<Seconds>& time, Seconds mid);

}  // namespace sextant::sim::report
