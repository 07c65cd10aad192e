// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json/cursor.hpp"
#include "base/quantity.hpp"
#include "base/source.hpp"

namespace sextant::hardware {

/// Where the power comes from: a country, or a cloud region.
struct Grid {
  std::string id;  ///< e.g. "us", "gcp-us-central1"
  std::string name;
  std::vector<std::string> aliases;
  std::optional<EnergyPrice> electricity;  ///< industrial tariff; empty: no source
  double g_co2_per_kwh = 0;                ///< location-based
  double pue = 1.25;                       ///< power usage effectiveness to assume there
  std::string note;
  std::map<std::string, Source> sources;  ///< as in Accelerator
};

[[nodiscard]] std::optional<Grid> read_grid(const json::Cursor& at);

}  // namespace sextant::hardware
