// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/json/node.hpp"
#include "models/native.hpp"
#include "tests/support/catch.hpp"

namespace sextant::models {

/// The model in the native form; fails the test on any fault.
inline Model model_of(std::string_view text) {
  Diagnostics faults;
  const std::string file = "model.json";
  const std::optional<json::Node> node = json::parse(text, file, faults);
  std::optional<Model> model;
  if (node) model = read_native_model(json::Cursor(*node, file, faults));
  INFO(faults.text());
  REQUIRE(model);
  return *model;
}

/// The faults the native reader finds.
inline std::string model_faults(std::string_view text) {
  Diagnostics faults;
  const std::string file = "model.json";
  const std::optional<json::Node> node = json::parse(text, file, faults);
  if (node) (void)read_native_model(json::Cursor(*node, file, faults));
  return faults.text();
}

}  // namespace sextant::models
