// SPDX-License-Identifier: Apache-2.0
// Where the figures of a campaign, and what failures add to a run, come from: "sextant/explain/1" of each.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hardware/energy.hpp"
#include "hardware/reliability.hpp"
#include "sim/campaign/cost.hpp"
#include "sim/report/display_units.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// A campaign with everything that was found of it.
struct ExplainedCampaign {
  const Campaign& campaign;
  const CampaignCost& cost;
  const std::optional<hardware::ReliabilityDefaults>& reliability;  ///< of clusters that say nothing of their own
  const std::optional<hardware::EnergyFactors>& energy;
  DisplayUnits units{};
};

/// Tag of a stage's figures.
[[nodiscard]] std::string stage_tag(std::string_view stage);

/// `tag`: a key of the campaign's headline, or a stage's tag. Without items where it is neither.
[[nodiscard]] Report explain_campaign(const ExplainedCampaign& e, std::string_view tag);

/// What failures, checkpoints and planned stops make of a cluster's time.
struct ExplainedGoodput {
  const FailureModel& model;
  const Goodput& goodput;
  const Reliability& stated;  ///< what is not of the defaults
  const std::optional<hardware::ReliabilityDefaults>& usual;
  DisplayUnits units{};
};

/// Formula, inputs and shares, after what `r` holds already.
void add_goodput(Report& r, const ExplainedGoodput& e);

}  // namespace sextant::sim::report
