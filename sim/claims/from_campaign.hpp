// SPDX-License-Identifier: Apache-2.0
// A claim whose work a campaign of the catalogue describes: RL, data generation, post-training.
#pragma once

#include <string>
#include <vector>

#include "base/band.hpp"
#include "base/catalogue.hpp"
#include "models/claim.hpp"
#include "sim/parameters/calibration.hpp"

namespace sextant::sim {

struct CampaignStage {
  std::string name;
  double tokens = 0;
  int seq_len = 0;
  Band<double> gpu_hours;  ///< 95 %
  double flops = 0;        ///< of training
  double floor_hours = 0;  ///< training and generation at the peak of the fastest format
  std::string assumed;     ///< of the stage's work
};

/// The stages of the claim's lines; on another GPU where `on_gpu` names one. Empty where the campaign is not known.
[[nodiscard]] std::vector<CampaignStage> stages_from_campaign(const models::Claim& claim, const std::string& on_gpu,
                                                              const Catalogue& catalogue,
                                                              const Calibration& calibration, Diagnostics& faults);

}  // namespace sextant::sim
