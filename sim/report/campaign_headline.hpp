// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/campaign/cost.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// "sextant/campaign-headline/1": the sums of a campaign as figures with bands: "gpu_hours", "days", "rent_usd",
/// "owned_usd" (the cheapest place), "effective", "energy_kwh".
[[nodiscard]] Report campaign_headline(const Campaign& campaign, const CampaignCost& cost);

}  // namespace sextant::sim::report
