// SPDX-License-Identifier: Apache-2.0
// What a GPU-hour was rented for when a claim was made.
#pragma once

#include <optional>
#include <string>

#include "base/band.hpp"
#include "hardware/prices.hpp"

namespace sextant::sim {

struct Rent {
  Band<double> price;  ///< dollars a GPU-hour, 80 %
  std::string basis;   ///< "from 12 prices of 5 providers, 2024-01-29 to 2025-03-17"
};

/// Prices within a year of the date; all there are where those are none.
[[nodiscard]] std::optional<Rent> rent_near(const hardware::Prices& prices, const std::string& gpu,
                                            const std::string& date);

/// Hours times price, their relative half widths combined as independent.
[[nodiscard]] Band<double> cost_of(const Band<double>& gpu_hours, const Band<double>& usd_per_gpu_hour);

}  // namespace sextant::sim
