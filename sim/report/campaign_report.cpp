// SPDX-License-Identifier: Apache-2.0
#include "sim/report/campaign_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/campaign_tables.hpp"
#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

constexpr double percent = 100;

void add_number(Report& r, std::string key, double value, Unit unit = Unit::number) {
  r.add(Figure{.key = std::move(key), .value = value, .unit = unit, .audience = Audience::programs});
}

void add_band(Report& r, const std::string& key, const Band<double>& b) {
  add_number(r, key + "/low", b.low);
  add_number(r, key + "/mid", b.mid);
  add_number(r, key + "/high", b.high);
}

void for_programs(Report& r, const Campaign& campaign, const CampaignCost& c) {
  r.add(Fact{"campaign", "", campaign.id, Audience::programs});
  r.add(Fact{"gpu", "", c.stages[c.main].run.cluster.gpu.id, Audience::programs});
  add_number(r, "gpus", c.gpus, Unit::count);
  r.add(Flag{.key = "feasible", .value = c.feasible()});
  add_band(r, "gpu_hours", c.paid);
  add_band(r, "gpu_hours_trained", c.trained);
  add_number(r, "days", c.days);
  if (c.rent_usd) add_band(r, "cost_usd", *c.rent_usd);
  if (c.rent) {
    add_band(r, "usd_per_gpu_hour", c.rent->usd_per_gpu_hour);
    r.add(Fact{"price_basis", "", c.rent->basis, Audience::programs});
  }
  add_band(r, "energy/kwh", c.energy.kwh);
  add_band(r, "energy/tonnes_co2", c.energy.tonnes_co2);
  add_number(r, "energy/pue", c.energy.pue);
  r.add(Fact{"energy/grid", "", c.energy.grid, Audience::programs});
  add_band(r, "goodput/effective", c.effective);
  const Goodput& g = c.goodput;
  for (const auto& [key, value] : {std::pair{"checkpoints", g.checkpoints},
                                   {"restarts", g.restarts},
                                   {"lost_work", g.lost_work},
                                   {"waiting", g.waiting},
                                   {"planned", g.planned},
                                   {"stragglers", g.stragglers}}) {
    add_number(r, std::string("goodput/") + key, value);
  }
  add_number(r, "goodput/simulated_effective", c.simulated.effective);
  add_number(r, "goodput/mtbf_hours", c.failures.mtbf().value() / 3600);
  add_number(r, "goodput/checkpoint_interval_s", c.failures.interval.value());
  add_number(r, "goodput/checkpoint_stall_s", c.failures.stall.value());
}

void headline(Report& r, const Campaign& campaign, const CampaignCost& c, DisplayUnits units) {
  const auto priced = [units](const Band<double>& usd, double hourly) {
    return fmt::format("{}  ({}), {} a GPU-hour", short_usd(usd.mid, units), short_usd(usd, units),
                       money_text(hourly, 2, units));
  };
  r.add(
      Fact{.label = "GPU-hours",
           .value = fmt::format("{}  ({}, 80 %), training alone", short_hours(c.trained.mid), short_hours(c.trained))});
  r.add(Fact{.label = "with interruptions",
             .value = fmt::format("{}  ({}), {:.1f} % of the time trains", short_hours(c.paid.mid), short_hours(c.paid),
                                  percent * c.effective.mid)});
  r.add(Fact{.label = "wall time",
             .value = days_text(std::ceil(c.days), fmt::format("{:.0f}", std::ceil(c.days)), units) +
                      ", stages one after another"});
  if (campaign.usd_per_gpu_hour) {
    const double usd = *campaign.usd_per_gpu_hour;
    r.add(Fact{.label = "at the publisher's price",
               .value = priced(c.trained.map([&](double h) { return h * usd; }), usd)});
  }
  if (c.rent_usd) {
    r.add(Fact{.label = "rented", .value = priced(*c.rent_usd, c.rent->usd_per_gpu_hour.mid)});
  } else {
    r.add(Fact{.label = "rented", .value = "no rental price of this GPU is known"});
  }
  for (std::size_t i = 0; i < c.owned.size(); ++i) {
    r.add(Fact{.label = c.owned[i].title, .value = priced(c.owned_usd[i], c.owned[i].usd_per_gpu_hour.mid)});
  }
  r.add(Fact{
      .label = "energy",
      .value = fmt::format("{:.3g} GWh  ({:.3g} .. {:.3g}), {:.0f} t CO2, {}", c.energy.kwh.mid / 1e6,
                           c.energy.kwh.low / 1e6, c.energy.kwh.high / 1e6, c.energy.tonnes_co2.mid, c.energy.grid)});
}

void obstacles(Report& r, const Campaign& campaign, const CampaignCost& c) {
  for (std::size_t i = 0; i < c.stages.size(); ++i) {
    for (const std::string& o : c.stages[i].obstacles) {
      r.add(Verdict{fmt::format("{}: {}", campaign.stages[i].name, o), Verdict::Mood::bad});
    }
  }
}

void lines_verdict(Report& r, const CampaignCost& c) {
  for (const LineCost& line : c.lines) {
    if (line.inside()) continue;
    const double off = line.published < line.gpu_hours.low ? line.published / line.gpu_hours.low
                                                           : line.published / line.gpu_hours.high;
    r.add(Verdict{fmt::format("{}: {} published, outside the band ({:+.0f} % from its end). {}", line.line,
                              short_hours(line.published), percent * (off - 1),
                              line.explanation.empty() ? "No reason is known." : line.explanation),
                  Verdict::Mood::neutral});
  }
}

/// Each reason once, with the stages it holds for.
std::vector<std::string> band_reasons(const Campaign& campaign, const CampaignCost& c) {
  constexpr double worth_saying = 0.02;  // of the campaign's hours
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  std::size_t stages = 0;
  for (std::size_t i = 0; i < c.stages.size(); ++i) {
    if (c.stages[i].gpu_hours.mid < worth_saying * c.trained.mid) continue;
    ++stages;
    for (const std::string& why : c.stages[i].why) {
      auto at = std::find_if(reasons.begin(), reasons.end(), [&](const auto& r) { return r.first == why; });
      if (at == reasons.end()) at = reasons.insert(reasons.end(), {why, {}});
      at->second.push_back(campaign.stages[i].name);
    }
  }
  std::vector<std::string> points;
  for (const auto& [why, names] : reasons) {
    const bool all = names.size() == stages && stages > 1;
    points.push_back(fmt::format("{} ({})", why,
                                 all ? std::string("every large stage") : fmt::format("{}", fmt::join(names, "; "))));
  }
  return points;
}

void remarks(Report& r, const Campaign& campaign, const CampaignCost& c) {
  List band{.key = "band_reasons", .title = "Why the bands are this wide", .points = band_reasons(campaign, c)};
  r.add(std::move(band));
  List assumed{.key = "assumptions", .title = "Assumed, because the campaign does not say", .points = {}};
  for (const Assumption& a : c.assumptions) assumed.points.push_back(text_of(a));
  r.add(std::move(assumed));
  r.add(List{.key = "notes", .title = "Notes", .points = campaign.notes});
  List sources{.key = "sources", .title = "Sources", .points = {}};
  const auto cite = [&sources](const std::string& of, const Source& s) {
    std::string trust;
    for (const auto& [name, value] : trust_names) {
      if (value == s.trust) trust = name;
    }
    sources.points.push_back(fmt::format("{}: {}, {} ({})", of, s.title, s.where, trust));
  };
  cite("campaign", campaign.source);
  for (const Stage& s : campaign.stages) {
    if (s.source) cite(s.name, *s.source);
  }
  for (const LeftOut& l : campaign.left_out) {
    if (l.source) cite(l.what, *l.source);
  }
  if (c.rent)
    sources.points.push_back(
        fmt::format("rent: {}{}", c.rent->basis, c.rent->quoted ? "" : " (assumed by somebody, quoted by nobody)"));
  r.add(std::move(sources));
}

}  // namespace

Report campaign_report(const Campaign& campaign, const CampaignCost& cost,
                       const std::vector<CampaignElsewhere>& elsewhere, DisplayUnits units) {
  Report r;
  r.format = "sextant/campaign-cost/1";
  r.title = campaign.title;
  const hardware::Cluster& cluster = cost.stages[cost.main].run.cluster;
  r.subtitle = fmt::format("{}{} x {}; {} stage{}", campaign.publisher.empty() ? "" : campaign.publisher + "; ",
                           grouped(cost.gpus), cluster.gpu.id, cost.stages.size(), cost.stages.size() == 1 ? "" : "s");
  obstacles(r, campaign, cost);
  for_programs(r, campaign, cost);
  headline(r, campaign, cost, units);
  add_stage_tables(r, campaign, cost);
  add_line_tables(r, campaign, cost);
  lines_verdict(r, cost);
  add_rl_tables(r, campaign, cost);
  add_goodput_tables(r, cost, units);
  add_money_tables(r, cost, units);
  add_elsewhere_tables(r, cost, elsewhere, units);
  add_left_out(r, campaign, cost, units);
  remarks(r, campaign, cost);
  return r;
}

}  // namespace sextant::sim::report
