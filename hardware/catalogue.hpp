// SPDX-License-Identifier: Apache-2.0
// Finding hardware by id. Ids and aliases ignore case and separators ("h800", "H800_SXM5_80GB"). Only the file that
// is asked for is parsed; an unknown id is a fault at `place` with the nearest id that exists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "hardware/accelerator.hpp"
#include "hardware/cluster.hpp"
#include "hardware/energy.hpp"
#include "hardware/fabric.hpp"
#include "hardware/grid.hpp"
#include "hardware/node.hpp"
#include "hardware/prices.hpp"
#include "hardware/reliability.hpp"

namespace sextant::hardware {

enum class Kind : std::uint8_t { gpu, node, fabric, cluster, grid };

/// What `list` shows of one file.
struct Entry {
  std::string id;
  std::string name;
  std::vector<std::string> aliases;
  std::string path;  ///< in the catalogue
};

/// All entries of a kind, sorted by id. A file without an id is reported and left out.
[[nodiscard]] std::vector<Entry> list(const Catalogue& catalogue, Kind kind, Diagnostics& faults);

/// The place of a JSON value, for ids that stand in files.
[[nodiscard]] Diagnostic place_of(const json::Cursor& at);

[[nodiscard]] std::optional<Accelerator> find_accelerator(const Catalogue& catalogue, std::string_view id,
                                                          Diagnostics& faults,
                                                          const Diagnostic& place = {"command line", 0, "", "", ""});
[[nodiscard]] std::optional<Node> find_node(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                            const Diagnostic& place = {"command line", 0, "", "", ""});
[[nodiscard]] std::optional<Fabric> find_fabric(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                                const Diagnostic& place = {"command line", 0, "", "", ""});
[[nodiscard]] std::optional<Grid> find_grid(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                            const Diagnostic& place = {"command line", 0, "", "", ""});

/// All price files; a faulty one is reported and left out.
[[nodiscard]] Prices load_prices(const Catalogue& catalogue, Diagnostics& faults);
[[nodiscard]] std::optional<EnergyFactors> load_energy_factors(const Catalogue& catalogue, Diagnostics& faults);
[[nodiscard]] std::optional<ReliabilityDefaults> load_reliability(const Catalogue& catalogue, Diagnostics& faults);

}  // namespace sextant::hardware
