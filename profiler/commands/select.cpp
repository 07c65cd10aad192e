// SPDX-License-Identifier: Apache-2.0
#include "profiler/commands/select.hpp"

#include <algorithm>

#include "profiler/core/model_shapes.hpp"

namespace sextant::profile {

namespace {

bool model_known(const std::string& id) {
  return std::any_of(model_shapes.begin(), model_shapes.end(), [&](const ModelShape& s) { return s.id == id; });
}

std::string model_list() {
  std::string out;
  for (const ModelShape& s : model_shapes) out += (out.empty() ? "" : ", ") + std::string(s.id);
  return out;
}

}  // namespace

std::optional<std::vector<Case>> selected_cases(const Arguments& arguments, std::string& fault) {
  const std::string suite_name = arguments.get("--suite", "full");
  const auto suite = hardware::value_in(suite_names, suite_name);
  if (!suite) {
    fault = "unknown suite \"" + suite_name + "\"; there are quick, moe, dense and full";
    return std::nullopt;
  }
  const std::string model = arguments.get("--model");
  if (!model.empty() && !model_known(model)) {
    fault = "unknown model \"" + model + "\"; there are " + model_list();
    return std::nullopt;
  }
  const std::string only = arguments.get("--only");
  std::vector<Case> out;
  for (Case& c : all_cases()) {
    if (!c.in(*suite)) continue;
    if (!model.empty() && !c.of_model(model)) continue;
    if (!only.empty() && c.name().find(only) == std::string::npos) continue;
    out.push_back(std::move(c));
  }
  if (out.empty()) {
    fault = "no case is left: --only \"" + only + "\" is part of no name; `sextant-profile list` shows all";
    return std::nullopt;
  }
  return out;
}

}  // namespace sextant::profile
