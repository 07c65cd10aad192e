// SPDX-License-Identifier: Apache-2.0
// The clusters, stacks and precisions a claim may have been run with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "hardware/accelerator.hpp"
#include "models/claim.hpp"
#include "models/model.hpp"
#include "sim/claims/simulation.hpp"

namespace sextant::sim {

/// A claim's model and GPU, as the catalogue knows them.
struct ClaimSubject {
  const models::Claim& claim;
  std::optional<models::Model> model;
  std::optional<hardware::Accelerator> gpu;
  int seq_len = 0;
  double flops_per_token = 0;  ///< 0: neither structure nor parameters are known
};

[[nodiscard]] ClaimSubject subject_of(const models::Claim& claim, const Catalogue& catalogue);

/// The precision a claim states, if its word is known.
[[nodiscard]] std::optional<Precision> stated_precision(const models::Claim& claim);

/// Stacks that the claim states, or else those the calibration has seen most of on GPUs of the architecture, in use at
/// most a year after the claim; catalogue ids, likeliest first.
[[nodiscard]] std::vector<std::string> likely_stacks(const ClaimSubject& subject, const Catalogue& catalogue,
                                                     const Calibration& calibration, Diagnostics& faults);

/// GPUs that would train the tokens in a month and a half at 40 % of the 16-bit peak, a power of two.
[[nodiscard]] int likely_gpus(const ClaimSubject& subject, double tokens);

/// Every combination that the claim leaves open, likeliest first. Model and GPU must be known.
[[nodiscard]] std::vector<Setting> settings_of(const ClaimSubject& subject, double tokens, const Catalogue& catalogue,
                                               const Calibration& calibration, Diagnostics& faults,
                                               std::vector<Assumption>& assumptions);

}  // namespace sextant::sim
