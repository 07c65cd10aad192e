// SPDX-License-Identifier: Apache-2.0
// The bill of a campaign: stages, goodput, money, energy, and the published lines beside them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/campaign/campaign.hpp"
#include "sim/campaign/money.hpp"
#include "sim/campaign/stage_cost.hpp"

namespace sextant::sim {

struct LineCost {
  std::string line;
  double published = 0;
  Band<double> gpu_hours;  ///< 80 %, of what the publisher counts
  std::string explanation;
  Source source;

  [[nodiscard]] bool inside() const { return gpu_hours.contains(published); }
};

struct CampaignCost {
  std::vector<StageHours> stages;
  Band<double> trained;    ///< GPU-hours if nothing ever failed
  Band<double> paid;       ///< with goodput
  Band<double> effective;  ///< goodput: high failure rate, middle, low
  Goodput goodput;         ///< shares at the middle rate
  FailureModel failures;   ///< of the largest stage
  Goodput simulated;       ///< the same played out
  std::vector<LineCost> lines;
  std::optional<RentPrice> rent;
  std::optional<Band<double>> rent_usd;
  std::vector<OwnedPrice> owned;
  std::vector<Band<double>> owned_usd;  ///< by row of `owned`
  EnergyUse energy;
  double days = 0;       ///< stages one after another, with goodput
  int gpus = 0;          ///< of the largest stage
  std::size_t main = 0;  ///< the stage of most GPU-hours
  std::vector<Assumption> assumptions;

  [[nodiscard]] bool feasible() const;
};

struct CostOptions {
  RentChoice rent;
  std::string grid;  ///< of energy; empty: the campaign's, else the world's
  std::uint64_t seed = 1;
  DisplayUnits units{};  ///< of the sentences
};

struct CostInputs {
  const Catalogue& catalogue;
  const Calibration& calibration;
  const hardware::Prices& prices;
  Diagnostics& faults;
};

/// Nothing where data could not be read; then there are faults.
[[nodiscard]] std::optional<CampaignCost> campaign_cost(const Campaign& campaign, const CostInputs& inputs,
                                                        const CostOptions& options);

}  // namespace sextant::sim
