// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/money.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/json/shape.hpp"

namespace sextant::json {

template <>
struct ShapeOf<sim::OwnerSetting> {
  static const Shape<sim::OwnerSetting>& get() {
    using O = sim::OwnerSetting;
    static const Shape<O> shape =
        Shape<O>("owner's setting")
            .ignored("format", "sextant/setting/1")
            .required("id", &O::id, "name")
            .required("title", &O::title, "for people")
            .required("grid", &O::grid, "where the power comes from")
            .required(
                "colocation_usd_per_kw_month_low", [](auto& v) -> auto& { return v.colocation_usd_per_kw_month.low; },
                "10 % quantile", positive())
            .required(
                "colocation_usd_per_kw_month", [](auto& v) -> auto& { return v.colocation_usd_per_kw_month.mid; },
                "of rated power, electricity extra", positive())
            .required(
                "colocation_usd_per_kw_month_high", [](auto& v) -> auto& { return v.colocation_usd_per_kw_month.high; },
                "90 % quantile", positive())
            .required("capital_cost_per_year", &O::capital_cost_per_year, "weighted average cost of capital",
                      non_negative(1))
            .required(
                "life_years_low", [](auto& v) -> auto& { return v.life_years.low; }, "10 % quantile", positive())
            .required(
                "life_years", [](auto& v) -> auto& { return v.life_years.mid; }, "depreciation", positive())
            .required(
                "life_years_high", [](auto& v) -> auto& { return v.life_years.high; }, "90 % quantile", positive())
            .required("network_share", &O::network_share, "of the capital", non_negative(0.9))
            .required("staff_usd_per_server_month", &O::staff_usd_per_server_month, "operation", non_negative())
            .required(
                "used_share_low", [](auto& v) -> auto& { return v.used_share.low; }, "10 % quantile", positive(1))
            .required(
                "used_share", [](auto& v) -> auto& { return v.used_share.mid; }, "of the hours of its life",
                positive(1))
            .required(
                "used_share_high", [](auto& v) -> auto& { return v.used_share.high; }, "90 % quantile", positive(1))
            .required("pue", &O::pue, "power usage effectiveness", between(1, 5))
            .optional("server_price_factor", &O::server_price_factor, "over the catalogue's purchase prices",
                      positive())
            .optional("system_over_card", &O::system_over_card, "a server's share over the card", between(1, 10))
            .required("source", &O::source, "where the figures come from");
    return shape;
  }
};

}  // namespace sextant::json

namespace sextant::sim {

namespace {

constexpr double seconds_per_hour = 3600;
constexpr double hours_per_year = 8760;
constexpr double months_per_year = 12;
constexpr double joules_per_kwh = 3.6e6;

Band<double> times(const Band<double>& b, double factor) {
  return b.map([factor](double v) { return v * factor; });
}

/// 1 / b
Band<double> inverse(const Band<double>& b) { return {1 / b.high, 1 / b.mid, 1 / b.low}; }

bool contains(const std::string& text, const std::string& part) {
  return folded_id(text).find(folded_id(part)) != std::string::npos;
}

std::vector<hardware::PriceRow> rows_of(const hardware::Prices& prices, const RentChoice& choice) {
  std::vector<hardware::PriceRow> rows;
  for (const hardware::PriceRow& row : prices.rental) {
    if (choice.provider.empty() || contains(row.provider, choice.provider)) rows.push_back(row);
  }
  return rows;
}

RentPrice price_of(const hardware::RentalBand& band) {
  RentPrice out;
  out.usd_per_gpu_hour = band.price.map([](GpuPrice p) { return p.value() * seconds_per_hour; });
  out.basis = band.basis();
  out.quoted = false;
  for (const hardware::PriceRow* row : band.rows) {
    out.newest = std::max(out.newest, row->date);
    out.quoted = out.quoted || row->commitment != hardware::Commitment::assumption;
  }
  return out;
}

/// Capital of one GPU with its share of server and network; from servers where they have prices, else from cards.
std::optional<Band<double>> capital_of(const hardware::Prices& prices, const std::string& gpu,
                                       const OwnerSetting& setting, std::string& basis) {
  std::vector<hardware::PurchaseRow> systems;
  for (const hardware::PurchaseRow& row : prices.purchase) {
    if (row.system) systems.push_back(row);
  }
  const auto system = hardware::purchase_price(systems, gpu);
  const auto any = system ? system : hardware::purchase_price(prices.purchase, gpu);
  if (!any) return std::nullopt;
  const double shell = system ? 1 : setting.system_over_card;
  basis = fmt::format("{} purchase price{} of {}", any->rows.size(), any->rows.size() == 1 ? "" : "s",
                      system ? "servers" : "cards, with the server's share on top");
  const double factor = shell * setting.server_price_factor / (1 - setting.network_share);
  return any->price.map([factor](Dollars d) { return d.value() * factor; });
}

double annuity(double rate, double years) { return rate > 0 ? rate / (1 - std::pow(1 + rate, -years)) : 1 / years; }

}  // namespace

Band<double> product(const Band<double>& a, const Band<double>& b) {
  const double mid = a.mid * b.mid;
  if (!(a.low > 0) || !(b.low > 0)) return {a.low * b.low, mid, a.high * b.high};
  const double down = std::hypot(std::log(a.mid / a.low), std::log(b.mid / b.low));
  const double up = std::hypot(std::log(a.high / a.mid), std::log(b.high / b.mid));
  return {mid * std::exp(-down), mid, mid * std::exp(up)};
}

std::optional<RentPrice> rent_price(const hardware::Prices& prices, const std::string& gpu, const RentChoice& choice) {
  if (choice.usd_per_gpu_hour) {
    const double p = *choice.usd_per_gpu_hour;
    return RentPrice{{p, p, p}, money_text(p, 2, choice.units) + " a GPU-hour, as given", "", false, false};
  }
  constexpr int months = 12;
  const std::vector<hardware::PriceRow> rows = rows_of(prices, choice);
  hardware::PriceQuery query;
  query.gpu = gpu;
  if (choice.commitment) query.commitments = {*choice.commitment};
  const auto day = hardware::parse_date(choice.date);
  if (day) query.dates = hardware::around(*day, months);
  auto band = hardware::rental_price(rows, query);
  const bool elsewhen = !band && day;
  if (elsewhen) {
    query.dates.reset();
    band = hardware::rental_price(rows, query);
  }
  if (!band) return std::nullopt;
  RentPrice out = price_of(*band);
  out.other_dates = elsewhen;
  return out;
}

std::vector<OwnerSetting> list_owner_settings(const Catalogue& catalogue, Diagnostics& faults) {
  std::vector<OwnerSetting> out;
  for (const std::string& path : catalogue.list("sim/data/owners/")) {
    const auto node = json::parse(*catalogue.text(path), path, faults);
    OwnerSetting setting;
    if (node && json::ShapeOf<OwnerSetting>::get().read(json::Cursor(*node, path, faults), setting)) {
      out.push_back(std::move(setting));
    }
  }
  return out;
}

std::optional<OwnedPrice> owned_price(const hardware::Prices& prices, const hardware::Cluster& cluster,
                                      const OwnerSetting& s, const hardware::Grid& grid,
                                      const hardware::EnergyFactors& energy, DisplayUnits units) {
  OwnedPrice out;
  const auto capital = capital_of(prices, cluster.gpu.id, s, out.basis);
  if (!capital) return std::nullopt;
  out.setting = s.id;
  out.title = s.title;
  const double gpus = cluster.gpus_per_node;
  const double kw = cluster.node_power.value() / 1000 * (1 + energy.network_power_share) / gpus;
  const Band<double> unused = inverse(s.used_share);
  const Band<double> per_year{annuity(s.capital_cost_per_year, s.life_years.high),
                              annuity(s.capital_cost_per_year, s.life_years.mid),
                              annuity(s.capital_cost_per_year, s.life_years.low)};
  const Band<double> capex = times(product(product(*capital, per_year), unused), 1 / hours_per_year);
  const Band<double> room =
      times(product(s.colocation_usd_per_kw_month, unused), kw * months_per_year / hours_per_year);
  const double tariff = grid.electricity ? grid.electricity->value() * joules_per_kwh : 0;
  const Band<double> power = times(energy.training_power_fraction, kw * s.pue * tariff);
  const double staff = s.staff_usd_per_server_month * months_per_year / hours_per_year / gpus;
  const Band<double> people = times(unused, staff);
  out.parts = {
      {"capital", capex,
       fmt::format("{} a GPU with server and network, {:.0f} years at {:.1f} %", money_text(capital->mid, 0, units),
                   s.life_years.mid, 100 * s.capital_cost_per_year)},
      {"colocation", room,
       fmt::format("{:.2f} kW at {} a kW and month", kw, money_text(s.colocation_usd_per_kw_month.mid, 0, units))},
      {"electricity", power, fmt::format("PUE {:.2f}, {} a kWh ({})", s.pue, money_text(tariff, 3, units), grid.name)},
      {"operation", people, money_text(s.staff_usd_per_server_month, 0, units) + " a server and month"}};
  Band<double> sum;
  for (const OwnedPart& p : out.parts) {
    const Band<double>& b = p.usd_per_gpu_hour;
    sum = {sum.low + b.low, sum.mid + b.mid, sum.high + b.high};
  }
  out.usd_per_gpu_hour = sum;
  return out;
}

EnergyUse energy_use(const Band<double>& gpu_hours, const hardware::Cluster& cluster,
                     const hardware::EnergyFactors& factors, const hardware::Grid& grid) {
  constexpr double grams_per_tonne = 1e6;
  EnergyUse out;
  out.pue = grid.pue > 0 ? grid.pue : factors.pue;
  out.grid = grid.name;
  out.g_co2_per_kwh = grid.g_co2_per_kwh;
  out.node_watts = cluster.node_power.value();
  const double kw = out.node_watts / 1000 / cluster.gpus_per_node;
  const double fixed = kw * (1 + factors.network_power_share) * out.pue;
  out.kwh = times(product(gpu_hours, factors.training_power_fraction), fixed);
  out.tonnes_co2 = times(out.kwh, grid.g_co2_per_kwh / grams_per_tonne);
  return out;
}

}  // namespace sextant::sim
