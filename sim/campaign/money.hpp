// SPDX-License-Identifier: Apache-2.0
// What GPU-hours cost to rent and to own, and what energy they take.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/amounts.hpp"
#include "base/band.hpp"
#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "hardware/cluster.hpp"
#include "hardware/energy.hpp"
#include "hardware/grid.hpp"
#include "hardware/prices.hpp"

namespace sextant::sim {

/// Which of the price rows count.
struct RentChoice {
  std::string provider;  ///< part of its name; empty: any
  std::optional<hardware::Commitment> commitment;
  std::string date;                        ///< "2024-12"; prices within a year of it; empty: all
  std::optional<double> usd_per_gpu_hour;  ///< given: no row is asked
  DisplayUnits units{};                    ///< of the basis
};

struct RentPrice {
  Band<double> usd_per_gpu_hour;  ///< 80 %
  std::string basis;              ///< "from 12 prices of 5 providers, 2024-01-29 to 2025-03-17"
  std::string newest;             ///< date of the newest price
  bool quoted = true;             ///< by a provider; false: assumed by somebody
  bool other_dates = false;       ///< none near the date was found
};

/// Nothing where the catalogue has no such price.
[[nodiscard]] std::optional<RentPrice> rent_price(const hardware::Prices& prices, const std::string& gpu,
                                                  const RentChoice& choice);

/// An owner's circumstances.
struct OwnerSetting {
  std::string id;  ///< "us", "cn"
  std::string title;
  std::string grid;
  Band<double> colocation_usd_per_kw_month;
  double capital_cost_per_year = 0;
  Band<double> life_years;
  double network_share = 0;  ///< of the capital
  double staff_usd_per_server_month = 0;
  Band<double> used_share;  ///< of the hours of the machine's life
  double pue = 0;
  double server_price_factor = 1;  ///< over the catalogue's purchase prices
  double system_over_card = 1;     ///< a server's share over the card, where only cards have prices
  Source source;
};

[[nodiscard]] std::vector<OwnerSetting> list_owner_settings(const Catalogue& catalogue, Diagnostics& faults);

struct OwnedPart {
  std::string what;
  Band<double> usd_per_gpu_hour;
  std::string how;
};

struct OwnedPrice {
  std::string setting;
  std::string title;
  Band<double> usd_per_gpu_hour;
  std::vector<OwnedPart> parts;
  std::string basis;  ///< of the purchase price
};

/// Annuity of the capital, colocation, electricity and staff of a GPU-hour that is used. Nothing where no purchase
/// price is known. Formula: SemiAnalysis' AI TCO model; it reproduces its $1.59 for an H200 within 3 %.
/// `units`: of its sentences.
[[nodiscard]] std::optional<OwnedPrice> owned_price(const hardware::Prices& prices, const hardware::Cluster& cluster,
                                                    const OwnerSetting& setting, const hardware::Grid& grid,
                                                    const hardware::EnergyFactors& energy, DisplayUnits units = {});

struct EnergyUse {
  Band<double> kwh;
  Band<double> tonnes_co2;
  double pue = 0;
  std::string grid;
  double g_co2_per_kwh = 0;
  double node_watts = 0;  ///< rated, of one node
};

/// GPU-hours x rated node power / GPUs x training fraction x (1 + network) x PUE.
[[nodiscard]] EnergyUse energy_use(const Band<double>& gpu_hours, const hardware::Cluster& cluster,
                                   const hardware::EnergyFactors& factors, const hardware::Grid& grid);

/// Independent bands multiplied: the half widths of their logarithms combine as root of the sum of squares.
[[nodiscard]] Band<double> product(const Band<double>& a, const Band<double>& b);

}  // namespace sextant::sim
