// SPDX-License-Identifier: Apache-2.0
#include "sim/report/bands.hpp"

namespace sextant::sim::report {

Band<double> with_time(double value, const Band<Seconds>& time, Seconds mid) {
  return {value * (time.low / mid), value, value * (time.high / mid)};
}

Band<double> against_time(double value, const Band<Seconds>& time, Seconds mid) {
  return {value * (mid / time.high), value, value * (mid / time.low)};
}

}  // namespace sextant::sim::report
