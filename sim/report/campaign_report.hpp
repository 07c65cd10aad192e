// SPDX-License-Identifier: Apache-2.0
// A campaign's bill as a report: sextant/campaign-cost/1.
#pragma once

#include <vector>

#include "sim/campaign/compare.hpp"
#include "sim/report/report.hpp"

namespace sextant::sim::report {

/// `elsewhere`: the same campaign on other GPUs, in the order asked for.
[[nodiscard]] Report campaign_report(const Campaign& campaign, const CampaignCost& cost,
                                     const std::vector<CampaignElsewhere>& elsewhere);

/// "2.66 M", "119 K", "5.2 K": three digits, as the bands deserve.
[[nodiscard]] std::string short_hours(double gpu_hours);
[[nodiscard]] std::string short_usd(double usd);
/// "2.10 .. 3.31 M"
[[nodiscard]] std::string short_hours(const Band<double>& band);
[[nodiscard]] std::string short_usd(const Band<double>& band);

}  // namespace sextant::sim::report
