// SPDX-License-Identifier: Apache-2.0
#include "sim/uncertainty/product.hpp"

#include <cmath>

namespace sextant::sim {

Band<double> product(const Band<double>& a, const Band<double>& b) {
  const double mid = a.mid * b.mid;
  if (!(a.low > 0) || !(b.low > 0)) return {a.low * b.low, mid, a.high * b.high};
  const double down = std::hypot(std::log(a.mid / a.low), std::log(b.mid / b.low));
  const double up = std::hypot(std::log(a.high / a.mid), std::log(b.high / b.mid));
  return {mid * std::exp(-down), mid, mid * std::exp(up)};
}

}  // namespace sextant::sim
