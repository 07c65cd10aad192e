// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/step/setting.hpp"

#include "base/embedded.hpp"
#include "sim/run/stated_run.hpp"
#include "tests/support/catch.hpp"

namespace sextant::sim::test {

namespace {

const Catalogue& catalogue() {
  static const Catalogue c = [] {
    Diagnostics faults;
    return Catalogue::open(embedded_files(), "", faults);
  }();
  return c;
}

}  // namespace

namespace {

Run read(std::string_view text, const std::string& path) {
  Diagnostics faults;
  const auto node = json::parse(text, path, faults);
  REQUIRE(node);
  const auto stated = read_run(json::Cursor(*node, path, faults), catalogue());
  REQUIRE(stated);
  const auto run = complete(*stated, catalogue(), faults, {path, 0, "", "", ""});
  REQUIRE(run);
  INFO(faults.text());
  REQUIRE(faults.empty());
  return *run;
}

}  // namespace

Run shipped_run(const std::string& id) {
  const std::string path = "models/data/runs/" + id + ".json";
  return read(catalogue().text(path).value_or(""), path);
}

Run run_of(const std::string& text) { return read(text, "run.json"); }

const Calibration& calibration() {
  static const Calibration c = [] {
    Diagnostics faults;
    const auto shipped = shipped_calibration(catalogue(), faults);
    REQUIRE(shipped);
    return *shipped;
  }();
  return c;
}

}  // namespace sextant::sim::test
