// SPDX-License-Identifier: Apache-2.0
// JSON Schemas and JSON forms of the hardware kinds, from the readers' own declarations. For writers only.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "hardware/cluster.hpp"
#include "hardware/energy.hpp"
#include "hardware/grid.hpp"
#include "hardware/prices.hpp"

namespace sextant::hardware {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json gpu_schema();
[[nodiscard]] Json node_schema();
[[nodiscard]] Json fabric_schema();
[[nodiscard]] Json cluster_schema();  ///< a run's `cluster` object, and the files under hardware/data/clusters
[[nodiscard]] Json grid_schema();
[[nodiscard]] Json price_schema();  ///< rental, purchase and ownership files
[[nodiscard]] Json energy_schema();

/// The form of the data files; what `show ... --json` prints.
[[nodiscard]] Json to_json(const Accelerator& gpu);
[[nodiscard]] Json to_json(const Node& node);
[[nodiscard]] Json to_json(const Fabric& fabric);
[[nodiscard]] Json to_json(const Grid& grid);
[[nodiscard]] Json to_json(const PriceRow& row);
/// A run's `cluster` object that reads back as the same cluster, with "assumptions" left out.
[[nodiscard]] Json to_json(const Cluster& cluster);

}  // namespace sextant::hardware
