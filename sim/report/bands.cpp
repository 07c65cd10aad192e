// SPDX-License-Identifier: Apache-2.0
#include "sim/report/bands.hpp"

#include <cmath>

namespace sextant::sim::report {

Band<double> product(const Band<double>& a, const Band<double>& b) {
  const double mid = a.mid * b.mid;
  const double down = std::hypot(std::log(a.mid / a.low), std::log(b.mid / b.low));
  const double up = std::hypot(std::log(a.high / a.mid), std::log(b.high / b.mid));
  return {mid * std::exp(-down), mid, mid * std::exp(up)};
}

Band<double> with_time(double value, const Band<Seconds>& time, Seconds mid) {
  return {value * (time.low / mid), value, value * (time.high / mid)};
}

Band<double> against_time(double value, const Band<Seconds>& time, Seconds mid) {
  return {value * (mid / time.high), value, value * (mid / time.low)};
}

}  // namespace sextant::sim::report
