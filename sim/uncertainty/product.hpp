// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/band.hpp"

namespace sextant::sim {

/// The product of two independent bands: half widths of logarithms add in squares.
[[nodiscard]] Band<double> product(const Band<double>& a, const Band<double>& b);

}  // namespace sextant::sim
