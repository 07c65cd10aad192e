// SPDX-License-Identifier: Apache-2.0
// Charts of runs, campaigns and claims, and the pages they make with the tables.
#pragma once

#include <vector>

#include "sim/api.hpp"
#include "sim/campaign/compare.hpp"
#include "sim/claims/check.hpp"
#include "sim/report/display_units.hpp"
#include "sim/report/plan_report.hpp"
#include "sim/report/report.hpp"
#include "sim/search/plan.hpp"
#include "sim/uncertainty/tornado.hpp"

namespace sextant::sim::report {

[[nodiscard]] Chart step_chart(const Run& run, const StepEstimate& step);
[[nodiscard]] Chart memory_chart(const MemoryEstimate& memory);
/// The pipeline of a step; of many micro-batches only twice as many as stages.
[[nodiscard]] Chart pipeline_chart(const Run& run, const Parameters& parameters);
/// The inputs that move the step most, below its band.
[[nodiscard]] Chart step_tornado(const StepEstimate& step, const Band<Seconds>& band,
                                 const std::vector<TornadoBar>& bars);

[[nodiscard]] Chart stage_chart(const Campaign& campaign, const CampaignCost& cost);
[[nodiscard]] Chart line_chart(const CampaignCost& cost);
[[nodiscard]] Chart round_chart(const Campaign& campaign, const CampaignCost& cost);
[[nodiscard]] Chart goodput_chart(const CampaignCost& cost);
[[nodiscard]] Chart money_chart(const CampaignCost& cost);
/// What moves the rented cost: each input at its own 10 % and 90 %, the others at their middle.
[[nodiscard]] Chart cost_tornado(const Campaign& campaign, const CampaignCost& cost);
[[nodiscard]] Chart elsewhere_chart(const CampaignCost& cost, const std::vector<CampaignElsewhere>& elsewhere);

[[nodiscard]] Chart claim_chart(const Check& check);

/// What can be traded: days against memory left free on one cluster size, days against money over several.
[[nodiscard]] Chart trade_chart(const search::Question& question, const search::Plan& plan);
/// Days of the fastest layout of each cluster size; empty of a single one.
[[nodiscard]] Chart sizes_chart(const search::Question& question, const search::Plan& plan);
/// What became of the configurations that were looked at.
[[nodiscard]] Chart considered_chart(const search::Plan& plan);

/// The report of a run, a campaign or a claim with its charts in front of the tables.
[[nodiscard]] Report run_page(const Run& run, const Prediction& prediction, const Calibration& calibration);
[[nodiscard]] Report campaign_page(const Campaign& campaign, const CampaignCost& cost,
                                   const std::vector<CampaignElsewhere>& elsewhere, const Calibration& calibration,
                                   DisplayUnits units = {});
[[nodiscard]] Report claim_page(const Check& check);
[[nodiscard]] Report plan_page(const search::Question& question, const search::Plan& plan, const PlanContext& context,
                               const Calibration& calibration);

}  // namespace sextant::sim::report
