// SPDX-License-Identifier: Apache-2.0
#include "sim/report/campaign_headline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/proposal_rows.hpp"

namespace sextant::sim::report {

namespace {

Figure figure(std::string key, std::string label, const Band<double>& band, Unit unit, std::string note) {
  Figure f{.key = std::move(key), .label = std::move(label), .value = band.mid, .unit = unit, .band = band};
  f.note = std::move(note);
  return f;
}

}  // namespace

Report campaign_headline(const Campaign& campaign, const CampaignCost& c) {
  Report r;
  r.format = "sextant/campaign-headline/1";
  r.title = campaign.title;
  r.add(figure("gpu_hours", "GPU-hours", c.paid, Unit::gpu_hours,
               fmt::format("{} of them train", short_count(c.trained.mid))));
  r.add(Figure{.key = "days",
               .label = "Time",
               .value = c.days,
               .unit = Unit::days,
               .note = fmt::format("stages in turn, {} GPUs", grouped(c.gpus))});
  if (c.rent_usd) r.add(figure("rent_usd", "Rented", *c.rent_usd, Unit::usd, c.rent->basis));
  const auto cheapest = std::min_element(c.owned_usd.begin(), c.owned_usd.end(),
                                         [](const auto& a, const auto& b) { return a.mid < b.mid; });
  if (cheapest != c.owned_usd.end()) {
    const auto place = static_cast<std::size_t>(cheapest - c.owned_usd.begin());
    r.add(figure("owned_usd", "Owned", *cheapest, Unit::usd, c.owned[place].title));
  }
  r.add(figure("effective", "Goodput", c.effective, Unit::share, "of the time that is paid for trains"));
  r.add(figure("energy_kwh", "Energy", c.energy.kwh, Unit::kilowatt_hours,
               fmt::format("{:.0f} t CO2, {}", c.energy.tonnes_co2.mid, c.energy.grid)));
  return r;
}

}  // namespace sextant::sim::report
