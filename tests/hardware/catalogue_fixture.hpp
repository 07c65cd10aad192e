// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/embedded.hpp"
#include "hardware/catalogue.hpp"
#include "tests/support/catch.hpp"

namespace sextant::hardware {

/// The catalogue as shipped.
inline const Catalogue& shipped() {
  static const Catalogue catalogue = [] {
    Diagnostics faults;
    return Catalogue::open(embedded_files(), "", faults);
  }();
  return catalogue;
}

/// A shipped GPU; fails the test when it does not load.
inline Accelerator gpu(const std::string& id) {
  Diagnostics faults;
  std::optional<Accelerator> found = find_accelerator(shipped(), id, faults);
  INFO(faults.text());
  REQUIRE(found);
  return *found;
}

/// A cluster read from the text of a run's `cluster`.
inline std::optional<Cluster> read_cluster_text(std::string_view text, Diagnostics& faults,
                                                ClusterReading reading = {}) {
  const std::string file = "run.json";
  const auto node = json::parse(text, file, faults);
  if (!node) return std::nullopt;
  return read_cluster(json::Cursor(*node, file, faults), shipped(), reading);
}

inline Cluster cluster(std::string_view text) {
  Diagnostics faults;
  std::optional<Cluster> found = read_cluster_text(text, faults);
  INFO(faults.text());
  REQUIRE(found);
  return *found;
}

}  // namespace sextant::hardware
