// SPDX-License-Identifier: Apache-2.0
#include "benchmarks/setting.hpp"

#include <cstdlib>
#include <iostream>

#include "base/embedded.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/run/stated_run.hpp"

namespace sextant::benchmarks {

namespace {

Setting load(const std::string& path) {
  Diagnostics faults;
  const Catalogue catalogue = Catalogue::open(embedded_files(), "", faults);
  const auto text = catalogue.text(path);
  const auto node = json::parse(text.value_or(""), path, faults);
  if (node) {
    const auto stated = sim::read_run(json::Cursor(*node, path, faults), catalogue);
    const auto calibration = sim::shipped_calibration(catalogue, faults);
    if (stated && calibration) {
      if (auto run = sim::complete(*stated, catalogue, faults, {path, 0, "", "", ""})) {
        return {std::move(*run), calibration->parameters};
      }
    }
  }
  std::cerr << faults.text();
  std::exit(2);
}

}  // namespace

const Setting& deepseek() {
  static const Setting setting = load("models/data/runs/deepseek-v3-2048-h800.json");
  return setting;
}

}  // namespace sextant::benchmarks
