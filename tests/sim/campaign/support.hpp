// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/embedded.hpp"
#include "hardware/catalogue.hpp"
#include "sim/campaign/compare.hpp"
#include "sim/parameters/calibration.hpp"
#include "tests/support/catch.hpp"

namespace sextant::test {

struct CampaignData {
  Diagnostics faults;
  Catalogue catalogue = Catalogue::open(embedded_files(), "", faults);
  sim::Calibration calibration = *sim::shipped_calibration(catalogue, faults);
  hardware::Prices prices = hardware::load_prices(catalogue, faults);
};

inline CampaignData& campaign_data() {
  static CampaignData d;
  return d;
}

inline sim::Campaign shipped_campaign(const std::string& id) {
  CampaignData& d = campaign_data();
  const std::string path = std::string(sim::campaign_folder) + id + ".json";
  Diagnostics faults;
  const auto node = json::parse(*d.catalogue.text(path), path, faults);
  REQUIRE(node);
  const auto campaign = sim::read_campaign(json::Cursor(*node, path, faults), d.catalogue);
  INFO(faults.text());
  REQUIRE(campaign);
  return *campaign;
}

inline sim::CampaignCost cost_of_campaign(const sim::Campaign& campaign) {
  CampaignData& d = campaign_data();
  Diagnostics faults;
  const auto cost = sim::campaign_cost(campaign, {d.catalogue, d.calibration, d.prices, faults}, {});
  INFO(faults.text());
  REQUIRE(cost);
  return *cost;
}

}  // namespace sextant::test
