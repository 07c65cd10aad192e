// SPDX-License-Identifier: Apache-2.0
// The tables of a campaign's report. Internal to campaign_report.cpp and its parts.
#pragma once

#include <vector>

#include "sim/report/campaign_report.hpp"

namespace sextant::sim::report {

void add_stage_tables(Report& report, const Campaign& campaign, const CampaignCost& cost);
void add_line_tables(Report& report, const Campaign& campaign, const CampaignCost& cost);
void add_rl_tables(Report& report, const Campaign& campaign, const CampaignCost& cost);
void add_goodput_tables(Report& report, const CampaignCost& cost, DisplayUnits units);
void add_money_tables(Report& report, const CampaignCost& cost, DisplayUnits units);
void add_elsewhere_tables(Report& report, const CampaignCost& cost, const std::vector<CampaignElsewhere>& elsewhere,
                          DisplayUnits units);
void add_left_out(Report& report, const Campaign& campaign, const CampaignCost& cost, DisplayUnits units);

}  // namespace sextant::sim::report
