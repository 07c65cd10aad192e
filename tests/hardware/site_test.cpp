// SPDX-License-Identifier: Apache-2.0
// Grids and energy factors.
#include "tests/hardware/catalogue_fixture.hpp"

using namespace sextant;
using namespace sextant::hardware;

namespace {

double usd_per_kwh(const Grid& g) { return g.electricity->value() * 3.6e6; }

Grid grid(const std::string& id) {
  Diagnostics faults;
  auto found = find_grid(shipped(), id, faults);
  INFO(faults.text());
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("every shipped grid loads with figures of the right size") {
  Diagnostics faults;
  const std::vector<Entry> grids = list(shipped(), Kind::grid, faults);
  CHECK(grids.size() >= 36);
  for (const Entry& e : grids) {
    INFO(e.id);
    const Grid g = grid(e.id);
    CHECK(g.g_co2_per_kwh < 1000);  // coal alone is 995
    REQUIRE(g.electricity);
    CHECK(usd_per_kwh(g) > 0.03);
    CHECK(usd_per_kwh(g) < 0.30);
    CHECK(g.pue >= 1.0);
    CHECK(g.pue < 1.6);
  }
  CHECK(faults.text() == "");
}

TEST_CASE("grids people compare are in the order everybody knows") {
  // Our World in Data 2023: France 56, US 370, China 582 g/kWh; EIA 2025: 8.26 cents for industry.
  CHECK(grid("usa").g_co2_per_kwh == Approx(369.5));
  CHECK(usd_per_kwh(grid("us")) == Approx(0.0826));
  CHECK(grid("France").g_co2_per_kwh < grid("us").g_co2_per_kwh);
  CHECK(grid("china").g_co2_per_kwh > grid("us").g_co2_per_kwh);
  CHECK(grid("us-central1").id == "gcp-us-central1");
}

TEST_CASE("energy factors: the band covers the measured rows") {
  Diagnostics faults;
  const auto f = load_energy_factors(shipped(), faults);
  INFO(faults.text());
  REQUIRE(f);
  CHECK(f->training_power_fraction.low < f->training_power_fraction.high);
  int inside = 0;
  int measured = 0;
  for (const Factor& row : f->power_measurements) {
    if (row.source.trust != Trust::measured) continue;
    ++measured;
    if (row.value >= f->training_power_fraction.low - 0.01 && row.value <= f->training_power_fraction.high) ++inside;
  }
  CHECK(measured >= 4);
  CHECK(inside == measured);
}

TEST_CASE("DeepSeek-V3's electricity by the recommended formula") {
  // 2.788M H800-hours x 10.2/8 kW x 0.76 x PUE 1.25 = 3,377 MWh (before switches and optics).
  Diagnostics faults;
  const auto f = load_energy_factors(shipped(), faults);
  const auto node = find_node(shipped(), "HGX-H800", faults);
  REQUIRE(f);
  REQUIRE(node);
  const double kw_per_gpu = node->max_power.value() / 1000 / node->gpus;
  CHECK(2.788e6 * kw_per_gpu * f->training_power_fraction.mid * f->pue / 1000 == Approx(3377).epsilon(0.001));
}

TEST_CASE("node overheads agree with the nodes") {
  Diagnostics faults;
  const auto f = load_energy_factors(shipped(), faults);
  REQUIRE(f);
  const std::pair<const char*, const char*> nodes[] = {{"HGX-H100", "H100-SXM-80GB"},
                                                       {"DGX-A100", "A100-SXM-80GB"},
                                                       {"HGX-B200", "B200"},
                                                       {"GB200-NVL72", "GB200"},
                                                       {"GB300-NVL72", "GB300"}};
  for (const auto& [node_id, gpu_id] : nodes) {
    INFO(node_id);
    const auto node = find_node(shipped(), node_id, faults);
    REQUIRE(node);
    double published = 0;
    for (const Factor& row : f->node_overheads) {
      if (row.of == node_id) published = row.value;
    }
    CHECK(node->power_overhead(gpu(gpu_id).tdp) == Approx(published).epsilon(0.002));
  }
}
