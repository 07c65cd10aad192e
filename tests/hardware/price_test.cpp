// SPDX-License-Identifier: Apache-2.0
#include "tests/hardware/catalogue_fixture.hpp"

using namespace sextant;
using namespace sextant::hardware;

namespace {

const Prices& shipped_prices() {
  static const Prices prices = [] {
    Diagnostics faults;
    Prices p = load_prices(shipped(), faults);
    REQUIRE(faults.text() == "");
    return p;
  }();
  return prices;
}

double per_hour(GpuPrice p) { return p.value() * 3600.0; }

PriceRow row(const char* provider, double usd, const char* date, Commitment commitment = Commitment::on_demand) {
  PriceRow r;
  r.gpu = "X";
  r.provider = provider;
  r.price = GpuPrice{usd / 3600.0};
  r.date = date;
  r.commitment = commitment;
  return r;
}

std::string faults_of(std::string_view text) {
  Diagnostics faults;
  Prices prices;
  const std::string file = "p.json";
  const auto node = json::parse(text, file, faults);
  if (node) read_prices(json::Cursor(*node, file, faults), prices);
  return faults.text();
}

}  // namespace

TEST_CASE("dates are days, months or years") {
  CHECK(parse_date("1970-01-01") == DateWindow{0, 0});
  CHECK(parse_date("2000-03-01") == DateWindow{11017, 11017});  // 30 years with 7 leap days, then 31 + 29 days
  CHECK(parse_date("2024-02")->last - parse_date("2024-02")->first == 28);  // a leap year
  CHECK(parse_date("2023")->last - parse_date("2023")->first == 364);
  for (const char* text :
       {"", "24", "2024-13", "2024-02-30", "2023-02-29", "2024-1-1", "early 2024", "2024-00", "2024-01-00", "-024"}) {
    INFO(text);
    CHECK_FALSE(parse_date(text));
  }
  CHECK(around(*parse_date("2024-06-15"), 6).overlaps(*parse_date("2024")));
  CHECK_FALSE(around(*parse_date("2024-06-15"), 3).overlaps(*parse_date("2023")));
}

TEST_CASE("providers weigh the same however many rows they print") {
  std::vector<PriceRow> rows;
  for (int i = 0; i < 10; ++i) rows.push_back(row("ten regions", 10, "2024"));
  rows.push_back(row("one", 2, "2024"));
  rows.push_back(row("two", 4, "2024"));
  const auto band = rental_price(rows, {.gpu = "X", .dates = {}, .commitments = {}});
  REQUIRE(band);
  // Weights: 2 and 4 a third each, ten tens a thirtieth each; the median lies on the midpoint of the second third.
  CHECK(per_hour(band->price.mid) == Approx(4));
  CHECK(per_hour(band->price.low) == Approx(2));
  CHECK(per_hour(band->price.high) == Approx(10));
  CHECK(band->basis() == "from 12 prices of 3 providers, 2024");
}

TEST_CASE("rows are chosen by GPU, date and commitment") {
  const std::vector<PriceRow> rows{row("a", 1, "2023-05-01"), row("a", 2, "2024-05-01"),
                                   row("b", 3, "2024", Commitment::spot), row("b", 9, "2024", Commitment::assumption)};
  const auto all = rental_price(rows, {.gpu = "X", .dates = {}, .commitments = {}});
  REQUIRE(all);
  CHECK(all->rows.size() == 2);  // neither spot nor assumptions unless asked for
  CHECK(all->basis() == "from 2 prices of 1 provider, 2023-05-01 to 2024-05-01");
  const auto late = rental_price(
      rows, {.gpu = "X", .dates = parse_date("2024"), .commitments = {Commitment::spot, Commitment::on_demand}});
  REQUIRE(late);
  CHECK(late->rows.size() == 2);
  CHECK_FALSE(rental_price(rows, {.gpu = "X", .dates = parse_date("2020"), .commitments = {}}));
  CHECK_FALSE(rental_price(rows, {.gpu = "Y", .dates = {}, .commitments = {}}));
}

TEST_CASE("the shipped prices are whole and dated") {
  const Prices& p = shipped_prices();
  CHECK(p.rental.size() > 340);  // 356 rows of the collection, less parts the catalogue does not have
  for (const PriceRow& r : p.rental) {
    INFO(r.gpu << " " << r.provider << " " << r.date);
    CHECK(parse_date(r.date));
    CHECK(per_hour(r.price) > 0.1);
    CHECK(per_hour(r.price) < 20);
    CHECK_FALSE(r.source.title.empty());
  }
  for (const PurchaseRow& r : p.purchase) CHECK(parse_date(r.date));
  CHECK(p.purchase.size() > 55);
  CHECK(p.colocation_usd_per_kw_month.size() == 7);
  CHECK(p.depreciation_years.size() == 10);
}

TEST_CASE("prices that everybody quotes are among the rows") {
  const auto price = [](const char* gpu, Commitment c, const char* date) {
    const auto band =
        rental_price(shipped_prices().rental, {.gpu = gpu, .dates = parse_date(date), .commitments = {c}});
    REQUIRE(band);
    return *band;
  };
  // DeepSeek-V3's table 1 assumes $2 an H800-hour.
  CHECK(per_hour(price("H800-SXM-80GB", Commitment::assumption, "2024-12").price.mid) == Approx(2.0));
  // H100 rents were near $2 to $5 through 2024 and 2025 outside hyperscalers' lists, $12.29 at AWS in 2023.
  const RentalBand h100 = price("H100-SXM-80GB", Commitment::on_demand, "2025");
  CHECK(per_hour(h100.price.low) > 1.5);
  CHECK(per_hour(h100.price.mid) < 5.0);
  bool aws = false;
  for (const PriceRow* r : price("H100-SXM-80GB", Commitment::on_demand, "2025-03").rows) {
    aws = aws || (r->provider == "Amazon Web Services" && std::abs(per_hour(r->price) - 12.29) < 0.01);
  }
  CHECK(aws);
  const auto dgx = purchase_price(shipped_prices().purchase, "H100-SXM-80GB");
  REQUIRE(dgx);
  CHECK(dgx->price.mid.value() > 30000);
  CHECK(dgx->price.mid.value() < 40000);
}

TEST_CASE("the owner's cost model comes out as published") {
  // SemiAnalysis: capital 1.15, operation 0.44, total 1.59 USD per H200-hour. Annuity over 72 months, then power.
  REQUIRE(shipped_prices().ownership);
  const OwnershipDefaults& o = *shipped_prices().ownership;
  const double monthly_rate = o.capital_cost / 12;
  const double months = 12 * o.life_years;
  const double capital = o.server.value() * monthly_rate / (1 - std::pow(1 + monthly_rate, -months));
  const double kw = o.server_power.value() / 1000;
  const double usd_per_kwh = o.electricity.value() * 3.6e6;
  const double operation =
      kw * (o.usd_per_kw_month + usd_per_kwh * o.power_utilisation * o.pue * 730) + o.usd_per_server_month;
  CHECK(capital / (8 * 730) == Approx(1.15).epsilon(0.005));
  CHECK(operation / (8 * 730) == Approx(0.44).epsilon(0.01));
  CHECK((capital + operation) / (8 * 730) == Approx(o.usd_per_gpu_hour_published).epsilon(0.005));
}

TEST_CASE("bad price files are refused, all faults at once") {
  CHECK(faults_of("{\"sources\": {\"epoch\": {\"title\": \"t\", \"where\": \"w\", \"date\": \"2024\", \"trust\": "
                  "\"vendor\"}},\n"
                  "\"rental\": [{\"gpu\": \"h100\", \"provider\": \"p\", \"commitment\": \"ondemand\", "
                  "\"usd_per_gpu_hour\": -1,\n"
                  "\"date\": \"May 2024\", \"source\": \"epoch\"}]}") ==
        "p.json:2: /rental/0/commitment: \"ondemand\" is not one of on-demand, spot, capacity-block, 1-year, 3-year, "
        "assumption; did you mean \"on-demand\"?\n"
        "p.json:2: /rental/0/usd_per_gpu_hour: expected a number above 0 and at most 10000, found -1\n"
        "p.json:3: /rental/0/date: expected a date: 2024, 2024-11 or 2024-11-29, found \"May 2024\"\n");
  CHECK(faults_of(
            "{\"sources\": {\"epoch\": {\"title\": \"t\", \"where\": \"w\", \"date\": \"2024\", \"trust\": "
            "\"vendor\"}},\n"
            "\"rental\": [{\"gpu\": \"h100\", \"provider\": \"p\", \"commitment\": \"spot\", \"usd_per_gpu_hour\": 1,\n"
            "\"date\": \"2024-05\", \"source\": \"epoh\"}]}") ==
        "p.json:3: /rental/0/source: \"epoh\" is not in this file's \"sources\"; did you mean \"epoch\"?\n");
}
