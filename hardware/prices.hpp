// SPDX-License-Identifier: Apache-2.0
// What GPUs, racks and kilowatts cost, as dated rows, and the band over a choice of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/band.hpp"
#include "base/json/cursor.hpp"
#include "base/quantity.hpp"
#include "base/source.hpp"

namespace sextant::hardware {

/// Days as the proleptic Gregorian calendar counts them from 1970-01-01, first and last inclusive.
struct DateWindow {
  int first = 0;
  int last = 0;

  [[nodiscard]] bool overlaps(DateWindow o) const { return first <= o.last && o.first <= last; }
  auto operator<=>(const DateWindow&) const = default;
};

/// "2024", "2024-11" or "2024-11-29" as the days it may mean; nothing when it is no date.
[[nodiscard]] std::optional<DateWindow> parse_date(std::string_view text);

/// `months` before and after a date.
[[nodiscard]] DateWindow around(DateWindow date, int months);

enum class Commitment : std::uint8_t { on_demand, spot, capacity_block, one_year, three_years, assumption };

/// One rental price as printed somewhere.
struct PriceRow {
  std::string gpu;  ///< catalogue id
  std::string provider;
  std::string region;  ///< may be empty
  Commitment commitment = Commitment::on_demand;
  GpuPrice price;
  std::string date;            ///< "2024-11-29", or coarser
  std::string gpu_as_printed;  ///< where the source is less exact than the id, e.g. "A100"
  std::string note;
  Source source;
};

/// What one GPU costs to buy: a card, or its share of a system.
struct PurchaseRow {
  std::string gpu;
  bool system = false;  ///< the price is a server's share: host, NVSwitch and NICs are in it
  Dollars price;
  std::string date;
  std::string note;
  Source source;
};

/// A figure of owning: dollars a kW and month, years, a share, dollars a watt... by the list it stands in.
struct CostFigure {
  std::string what;
  double low = 0;
  double high = 0;  ///< equals `low` where the source gives one number
  std::string date;
  Source source;
};

/// The inputs of the owner's cost per GPU-hour, with values that one published model uses together.
struct OwnershipDefaults {
  Dollars server;           ///< capital cost of an 8-GPU server with its share of the network
  double capital_cost = 0;  ///< weighted average cost of capital, per year
  double life_years = 0;
  Watts server_power;           ///< with its share of the network
  double usd_per_kw_month = 0;  ///< colocation, electricity extra
  EnergyPrice electricity;
  double power_utilisation = 0;  ///< average over rated power
  double pue = 0;
  double usd_per_server_month = 0;        ///< remote hands, support, internet
  double usd_per_gpu_hour_published = 0;  ///< what the source computes from these
  Source source;
};

struct Prices {
  std::vector<PriceRow> rental;
  std::vector<PurchaseRow> purchase;
  std::vector<CostFigure> colocation_usd_per_kw_month;
  std::vector<CostFigure> depreciation_years;
  std::vector<CostFigure> network_share_of_capital;
  std::vector<CostFigure> datacentre_usd_per_w;
  std::optional<OwnershipDefaults> ownership;
};

struct PriceQuery {
  std::string gpu;                      ///< catalogue id
  std::optional<DateWindow> dates;      ///< empty: all
  std::vector<Commitment> commitments;  ///< empty: all but spot and assumptions
};

/// 10 %, 50 % and 90 % of the chosen rows, each provider counting as one (its rows share its weight), because a
/// provider's price list for ten regions is one decision.
struct RentalBand {
  Band<GpuPrice> price;
  std::vector<const PriceRow*> rows;  ///< in the order of the table

  /// "from 12 prices of 5 providers, 2024-01-29 to 2025-03-17"
  [[nodiscard]] std::string basis() const;
};

/// Nothing when no row matches.
[[nodiscard]] std::optional<RentalBand> rental_price(std::span<const PriceRow> rows, const PriceQuery& query);

struct PurchaseBand {
  Band<Dollars> price;
  std::vector<const PurchaseRow*> rows;
};
[[nodiscard]] std::optional<PurchaseBand> purchase_price(std::span<const PurchaseRow> rows, std::string_view gpu,
                                                         std::optional<DateWindow> dates = std::nullopt);

/// Reads one file under hardware/data/prices and appends its rows; true when the whole file was good.
bool read_prices(const json::Cursor& at, Prices& prices);

}  // namespace sextant::hardware
