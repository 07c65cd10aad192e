// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/report/compare.hpp"
#include "sim/report/names.hpp"

namespace sextant::sim::report {

Compared compared(Run run, const Calibration& calibration, const hardware::Prices& prices) {
  Compared c;
  c.gpu = run.cluster.gpu.id;
  c.gpus = run.cluster.gpus;
  const Precision nearest = nearest_precision(run.cluster.gpu, run.precision);
  if (nearest != run.precision) {
    c.notes.push_back(fmt::format("no {}: {} instead", name_of(run.precision), name_of(nearest)));
    run.precision = nearest;
  }
  c.precision = run.precision;
  c.prediction = predict(run, calibration);
  c.price = hardware::rental_price(prices.rental, {c.gpu, std::nullopt, {}});
  return c;
}

}  // namespace sextant::sim::report
