// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/quantity.hpp"
#include "sim/kernel/device.hpp"

namespace sextant::sim {

/// One matrix product C[m x n] = A[m x k] B[k x n]; `m` may be fractional (an average over experts).
struct GemmShape {
  double m = 0;
  double n = 0;
  double k = 0;

  [[nodiscard]] Flops flops() const { return Flops{2.0 * m * n * k}; }
};

/// Share of the SMs' tile slots that hold work, for the best of cuBLAS's usual tiles (1: no wave quantisation).
[[nodiscard]] double wave_efficiency(double m, double n, int sms);

/// Time of one product, at least the roofline of its operands. `rate_factor` scales the family's rate (wgrad, grouped).
[[nodiscard]] Seconds gemm_time(const Device& device, const GemmClass& family, GemmShape shape, double rate_factor = 1);

/// Forward, input gradient and weight gradient of Y[m x n] = X[m x k] W[k x n]; measured times where the device has
/// near ones. `groups`: equal products that run as one grouped call, of which this is the time of one; 0: not grouped.
struct LinearTime {
  Seconds forward;
  Seconds input_gradient;
  Seconds weight_gradient;
};
[[nodiscard]] LinearTime linear_time(const Device& device, const GemmClass& family, GemmShape forward,
                                     double rate_factor = 1, double groups = 0);

}  // namespace sextant::sim
