// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/report/campaign_report.hpp"
#include "sim/report/charts.hpp"
#include "sim/report/check_report.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/plan_report.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

/// Charts follow the headline: before the first table, list or heading that people see.
void insert_charts(Report& report, std::vector<Chart> charts) {
  const auto shown = [](const Item& item) {
    if (const auto* t = std::get_if<Table>(&item)) return t->audience != Audience::programs && !t->rows.empty();
    if (const auto* l = std::get_if<List>(&item)) return l->audience != Audience::programs && !l->points.empty();
    return std::holds_alternative<Heading>(item);
  };
  auto at = std::find_if(report.items.begin(), report.items.end(), shown);
  for (Chart& c : charts) {
    if (c.marks.empty()) continue;
    at = report.items.insert(at, std::move(c));
    ++at;
  }
}

}  // namespace

Report run_page(const Run& run, const Prediction& p, const Calibration& calibration) {
  Report r = step_report(run, p, calibration);
  const std::vector<TornadoBar> bars = tornado(run, p.step, p.uncertainty, calibration);
  insert_charts(r, {step_chart(run, p.step), step_tornado(p.step, p.band, bars), memory_chart(p.memory),
                    pipeline_chart(run, calibration.parameters)});
  r.add(tornado_table(bars));
  return r;
}

Report campaign_page(const Campaign& campaign, const CampaignCost& cost,
                     const std::vector<CampaignElsewhere>& elsewhere, const Calibration& calibration,
                     DisplayUnits units) {
  Report r = campaign_report(campaign, cost, elsewhere, units);
  std::vector<Chart> charts{
      line_chart(cost),    stage_chart(campaign, cost), cost_tornado(campaign, cost),    round_chart(campaign, cost),
      goodput_chart(cost), money_chart(cost),           elsewhere_chart(cost, elsewhere)};
  const StageHours& main = cost.stages[cost.main];
  if (!main.rl && main.tokens > 0) {
    const Prediction p = predict(main.run, calibration);
    for (Chart c :
         {step_chart(main.run, p.step), memory_chart(p.memory), pipeline_chart(main.run, calibration.parameters)}) {
      c.title += ": " + campaign.stages[cost.main].name;
      charts.push_back(std::move(c));
    }
  }
  insert_charts(r, std::move(charts));
  return in_units(std::move(r), units);
}

Report plan_page(const search::Question& q, const search::Plan& plan, const PlanContext& context,
                 const Calibration& calibration) {
  Report r = plan_report(q, plan, context);
  std::vector<Chart> charts{trade_chart(q, plan), sizes_chart(q, plan)};
  if (plan.answered()) {
    const search::Proposal& best = plan.ranking.front();
    const Prediction& p = best.prediction;
    for (Chart c : {step_chart(best.run, p.step),
                    step_tornado(p.step, p.band, tornado(best.run, p.step, p.uncertainty, calibration)),
                    memory_chart(p.memory), pipeline_chart(best.run, calibration.parameters)}) {
      c.title += ": the best layout";
      charts.push_back(std::move(c));
    }
  }
  charts.push_back(considered_chart(plan));
  insert_charts(r, std::move(charts));
  return r;
}

Report claim_page(const Check& check) {
  Report r = check_report(check);
  insert_charts(r, {claim_chart(check)});
  return r;
}

}  // namespace sextant::sim::report
