// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/campaign_report.hpp"
#include "sim/report/charts.hpp"

namespace sextant::sim::report {

namespace {

Chart::Mark band_mark(std::string row, const Band<double>& b, std::string note = {}) {
  return {.row = std::move(row), .from = b.low, .to = b.high, .middle = b.mid, .note = std::move(note)};
}

}  // namespace

Chart stage_chart(const Campaign& campaign, const CampaignCost& cost) {
  Chart c{.kind = Chart::Kind::intervals,
          .title = "GPU-hours by stage",
          .axis = "GPU-hours, 80 % bands, logarithmic",
          .unit = Unit::parameters,
          .logarithmic = true};
  for (std::size_t i = 0; i < cost.stages.size(); ++i) {
    const Band<double>& h = cost.stages[i].gpu_hours;
    c.marks.push_back(band_mark(campaign.stages[i].name, h, short_hours(h.mid) + " GPU-hours"));
  }
  c.marks.push_back(band_mark("all, with interruptions", cost.paid, short_hours(cost.paid.mid) + " GPU-hours"));
  return c;
}

Chart line_chart(const CampaignCost& cost) {
  Chart c{.kind = Chart::Kind::intervals,
          .title = "Published against simulated",
          .axis = "GPU-hours, 80 % bands, logarithmic",
          .unit = Unit::parameters,
          .logarithmic = true,
          .caption = "The diamond is the published figure, the stroke the middle of the simulation."};
  for (const LineCost& l : cost.lines) {
    Chart::Mark m = band_mark(l.line, l.gpu_hours, short_hours(l.published) + " published");
    m.against = l.published;
    c.marks.push_back(std::move(m));
  }
  return c;
}

Chart round_chart(const Campaign& campaign, const CampaignCost& cost) {
  Chart c{.kind = Chart::Kind::stacked,
          .title = "A round of reinforcement learning",
          .axis = "seconds",
          .unit = Unit::seconds};
  for (std::size_t i = 0; i < cost.stages.size(); ++i) {
    if (!cost.stages[i].rl) continue;
    const RlStep& s = *cost.stages[i].rl;
    double at = 0;
    const auto part = [&](std::string_view series, Seconds t) {
      if (!(t.value() > 0)) return;
      c.marks.push_back({.row = campaign.stages[i].name,
                         .series = std::string(series),
                         .from = at,
                         .to = at + t.value(),
                         .note = fmt::format("{}: {}", series, format(t.value(), Unit::seconds))});
      at += t.value();
    };
    part("generation, most in flight", s.generation - s.detail.tail);
    part("generation, the tail", s.detail.tail);
    part("log-probs", s.log_probs);
    part("reward", s.reward);
    part("training", s.training);
    part("refit", s.refit);
    part("fixed", s.fixed);
  }
  return c;
}

Chart goodput_chart(const CampaignCost& cost) {
  Chart c{.kind = Chart::Kind::stacked,
          .title = "Where the time that is paid for goes",
          .axis = "share of the wall time",
          .unit = Unit::share};
  const auto row = [&c](const std::string& name, const Goodput& g) {
    double at = 0;
    const auto part = [&](std::string_view series, double share) {
      c.marks.push_back({.row = name,
                         .series = std::string(series),
                         .from = at,
                         .to = at + share,
                         .note = fmt::format("{}: {:.2f} %", series, 100 * share)});
      at += share;
    };
    part("trains", g.effective);
    part("lost work", g.lost_work);
    part("restarts", g.restarts);
    part("checkpoints", g.checkpoints);
    part("waiting", g.waiting);
    part("planned stops", g.planned);
    part("stragglers", g.stragglers);
  };
  row("closed form", cost.goodput);
  row("played out", cost.simulated);
  return c;
}

Chart money_chart(const CampaignCost& cost) {
  Chart c{.kind = Chart::Kind::stacked, .title = "A GPU-hour, owned", .axis = "cost of a GPU-hour", .unit = Unit::usd};
  for (const OwnedPrice& o : cost.owned) {
    double at = 0;
    for (const OwnedPart& p : o.parts) {
      c.marks.push_back(
          {.row = o.title, .series = p.what, .from = at, .to = at + p.usd_per_gpu_hour.mid, .note = p.how});
      at += p.usd_per_gpu_hour.mid;
    }
  }
  if (cost.rent && !c.marks.empty()) {
    c.marks.push_back({.row = "rented",
                       .series = "rent",
                       .from = 0,
                       .to = cost.rent->usd_per_gpu_hour.mid,
                       .note = cost.rent->basis});
  }
  return c;
}

Chart cost_tornado(const Campaign& campaign, const CampaignCost& cost) {
  Chart c{.kind = Chart::Kind::intervals,
          .title = "What moves the bill",
          .axis = "cost, rented",
          .unit = Unit::usd,
          .logarithmic = true};
  if (!cost.rent_usd) return c;
  const double mid = cost.rent_usd->mid;
  const auto row = [&](std::string name, double low, double high, std::string why) {
    c.marks.push_back(
        {.row = std::move(name), .from = mid * low, .to = mid * high, .middle = mid, .note = std::move(why)});
  };
  const Band<double>& price = cost.rent->usd_per_gpu_hour;
  row("rent", price.low / price.mid, price.high / price.mid, cost.rent->basis);
  row("interruptions", cost.effective.mid / cost.effective.high, cost.effective.mid / cost.effective.low,
      "published failure rates");
  for (std::size_t i = 0; i < cost.stages.size(); ++i) {
    const Band<double>& h = cost.stages[i].gpu_hours;
    const double all = cost.trained.mid;
    if (h.mid < 0.02 * all) continue;
    row(campaign.stages[i].name, 1 - (h.mid - h.low) / all, 1 + (h.high - h.mid) / all, "the stage's own band");
  }
  std::sort(c.marks.begin(), c.marks.end(),
            [](const Chart::Mark& a, const Chart::Mark& b) { return a.to / a.from > b.to / b.from; });
  row("all together (80 %)", cost.rent_usd->low / mid, cost.rent_usd->high / mid, "");
  return c;
}

Chart elsewhere_chart(const CampaignCost& cost, const std::vector<CampaignElsewhere>& elsewhere) {
  Chart c{.kind = Chart::Kind::intervals,
          .title = "The same campaign on other GPUs, GPU-hours",
          .axis = "GPU-hours, 80 % bands, logarithmic",
          .unit = Unit::parameters,
          .logarithmic = true};
  if (elsewhere.empty()) return c;
  c.marks.push_back(band_mark(cost.stages[cost.main].run.cluster.gpu.id, cost.paid));
  for (const CampaignElsewhere& e : elsewhere) c.marks.push_back(band_mark(e.gpu, e.cost.paid));
  return c;
}

Chart claim_chart(const Check& check) {
  Chart c{.kind = Chart::Kind::intervals,
          .title = "The claim against the simulation's band",
          .axis = "GPU-hours, 95 % bands, logarithmic",
          .unit = Unit::parameters,
          .logarithmic = true,
          .caption = "The diamond is what is claimed, the stroke the middle of the simulation."};
  for (const StageRow& row : check.simulated.rows) {
    if (!row.gpu_hours || row.as_stated) continue;
    Chart::Mark m = band_mark(row.name, *row.gpu_hours);
    if (row.claimed) m.against = *row.claimed;
    c.marks.push_back(std::move(m));
  }
  if (check.floor_hours > 0 && !c.marks.empty()) {
    c.marks.push_back({.row = "physical floor",
                       .from = check.floor_hours,
                       .to = check.floor_hours,
                       .middle = check.floor_hours,
                       .note = "the work at 100 % of the peak"});
  }
  return c;
}

}  // namespace sextant::sim::report
