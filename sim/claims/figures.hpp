// SPDX-License-Identifier: Apache-2.0
// The figures of a claim: the GPU-hours they come to, and whether they agree with one another.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/amounts.hpp"
#include "base/band.hpp"
#include "models/claim.hpp"
#include "sim/claims/verdict.hpp"

namespace sextant::sim {

/// Half the last printed digit, relative: 54.2 -> 0.05 / 54.2. At most 10 %: people round no further in earnest.
[[nodiscard]] double rounding_of(double figure);

/// The GPU-hours of a claim and the figures they were taken from.
struct ClaimedHours {
  HoursRange range;
  double mid = 0;
  std::string how;  ///< "as stated", "512 GPUs x 53 days"
};

/// What else is known beside the claim's own figures; zero where it is not.
struct ClaimContext {
  double flops_per_token = 0;                    ///< causal attention, no recompute
  double peak_flop_per_s = 0;                    ///< of one GPU, 16-bit
  std::optional<Band<double>> usd_per_gpu_hour;  ///< what the GPU rented for at the time
  DisplayUnits units{};                          ///< of the sentences
};

/// From the most direct figure down: GPU-hours, their derivation, hours per trillion tokens, GPUs x days, GPU-years,
/// tokens over throughput, FLOPs over utilisation, cost over price.
[[nodiscard]] std::optional<ClaimedHours> claimed_hours(const models::Claim& claim, const ClaimContext& context);

/// Two figures of a claim compared.
struct ArithmeticCheck {
  std::string text;
  bool agrees = true;
  bool contradicts = false;  ///< beyond rounding; false where a disagreement has an innocent reading
};

[[nodiscard]] std::vector<ArithmeticCheck> check_arithmetic(const models::Claim& claim, const ClaimContext& context);

/// "2.788 M", "119,000", "16.2"
[[nodiscard]] std::string hours_text(double gpu_hours);
/// "$5.576 M", "$450"
[[nodiscard]] std::string dollars_text(double usd, DisplayUnits units = {});

}  // namespace sextant::sim
