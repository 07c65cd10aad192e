// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/rent.hpp"

#include <cmath>

namespace sextant::sim {

std::optional<Rent> rent_near(const hardware::Prices& prices, const std::string& gpu, const std::string& date) {
  constexpr int months = 12;
  constexpr double seconds_per_hour = 3600;
  hardware::PriceQuery query;
  query.gpu = gpu;
  if (const auto day = hardware::parse_date(date)) query.dates = hardware::around(*day, months);
  auto band = hardware::rental_price(prices.rental, query);
  if (!band) {
    query.dates.reset();
    band = hardware::rental_price(prices.rental, query);
  }
  if (!band) return std::nullopt;
  return Rent{band->price.map([](GpuPrice p) { return p.value() * seconds_per_hour; }), band->basis()};
}

Band<double> cost_of(const Band<double>& hours, const Band<double>& price) {
  const double mid = hours.mid * price.mid;
  if (!(hours.low > 0) || !(price.low > 0)) return {hours.low * price.low, mid, hours.high * price.high};
  return {mid * std::exp(-std::hypot(std::log(hours.mid / hours.low), std::log(price.mid / price.low))), mid,
          mid * std::exp(std::hypot(std::log(hours.high / hours.mid), std::log(price.high / price.mid)))};
}

}  // namespace sextant::sim
