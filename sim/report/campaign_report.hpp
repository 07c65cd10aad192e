// SPDX-License-Identifier: Apache-2.0
// A campaign's bill as a report: sextant/campaign-cost/1.
#pragma once

#include <vector>

#include "sim/campaign/compare.hpp"
#include "sim/report/display_units.hpp"

namespace sextant::sim::report {

/// `elsewhere`: the same campaign on other GPUs, in the order asked for. `units`: of what people read; those of the
/// cost's sentences were chosen with it.
[[nodiscard]] Report campaign_report(const Campaign& campaign, const CampaignCost& cost,
                                     const std::vector<CampaignElsewhere>& elsewhere, DisplayUnits units = {});

/// "2.66 M", "119 K", "5.2 K": three digits, as the bands deserve.
[[nodiscard]] std::string short_hours(double gpu_hours);
[[nodiscard]] std::string short_usd(double usd, DisplayUnits units = {});
/// "2.10 .. 3.31 M"
[[nodiscard]] std::string short_hours(const Band<double>& band);
[[nodiscard]] std::string short_usd(const Band<double>& band, DisplayUnits units = {});

}  // namespace sextant::sim::report
