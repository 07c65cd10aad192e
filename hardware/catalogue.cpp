// SPDX-License-Identifier: Apache-2.0
#include "hardware/catalogue.hpp"

#include <map>

#include "hardware/lookup.hpp"

namespace sextant::hardware {

namespace {

template <class T>
std::optional<T> find(const Catalogue& catalogue, Kind kind, std::string_view id, Diagnostics& faults,
                      const Diagnostic& place, std::optional<T> (*read)(const json::Cursor&)) {
  const std::optional<std::string> path = locate(catalogue, kind, id);
  if (!path) {
    report_unknown(catalogue, kind, id, faults, place);
    return std::nullopt;
  }
  const std::optional<json::Node> node = parse_file(catalogue, *path, faults);
  if (!node) return std::nullopt;
  return read(json::Cursor(*node, *path, faults));
}

/// Price rows may name a GPU by an alias; queries compare ids.
template <class Row>
void settle_ids(const Catalogue& catalogue, std::vector<Row>& rows, std::map<std::string, std::string>& settled,
                Diagnostics& faults) {
  std::vector<Row> known;
  for (Row& row : rows) {
    auto found = settled.find(row.gpu);
    if (found == settled.end()) {
      const Diagnostic place{row.source.title + ", " + row.date, 0, "", "", ""};
      const std::optional<Accelerator> gpu = find_accelerator(catalogue, row.gpu, faults, place);
      found = settled.emplace(row.gpu, gpu ? gpu->id : std::string()).first;
    }
    if (found->second.empty()) continue;
    row.gpu = found->second;
    known.push_back(std::move(row));
  }
  rows = std::move(known);
}

}  // namespace

Diagnostic place_of(const json::Cursor& at) { return {at.file(), at.node().line, at.pointer(), "", ""}; }

std::optional<Accelerator> find_accelerator(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                            const Diagnostic& place) {
  return find<Accelerator>(catalogue, Kind::gpu, id, faults, place, read_accelerator);
}

std::optional<Node> find_node(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                              const Diagnostic& place) {
  return find<Node>(catalogue, Kind::node, id, faults, place, read_node);
}

std::optional<Fabric> find_fabric(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                                  const Diagnostic& place) {
  return find<Fabric>(catalogue, Kind::fabric, id, faults, place, read_fabric);
}

std::optional<Grid> find_grid(const Catalogue& catalogue, std::string_view id, Diagnostics& faults,
                              const Diagnostic& place) {
  return find<Grid>(catalogue, Kind::grid, id, faults, place, read_grid);
}

Prices load_prices(const Catalogue& catalogue, Diagnostics& faults) {
  Prices prices;
  for (const std::string& path : catalogue.list("hardware/data/prices/")) {
    const std::optional<json::Node> node = parse_file(catalogue, path, faults);
    if (node) read_prices(json::Cursor(*node, path, faults), prices);
  }
  std::map<std::string, std::string> settled;
  settle_ids(catalogue, prices.rental, settled, faults);
  settle_ids(catalogue, prices.purchase, settled, faults);
  return prices;
}

std::optional<EnergyFactors> load_energy_factors(const Catalogue& catalogue, Diagnostics& faults) {
  const std::string path = "hardware/data/energy/factors.json";
  const std::optional<json::Node> node = parse_file(catalogue, path, faults);
  if (!node) return std::nullopt;
  return read_energy_factors(json::Cursor(*node, path, faults));
}

std::optional<ReliabilityDefaults> load_reliability(const Catalogue& catalogue, Diagnostics& faults) {
  const std::string path = "hardware/data/reliability/failures.json";
  const std::optional<json::Node> node = parse_file(catalogue, path, faults);
  if (!node) return std::nullopt;
  return read_reliability(json::Cursor(*node, path, faults));
}

}  // namespace sextant::hardware
