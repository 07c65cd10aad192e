// SPDX-License-Identifier: Apache-2.0
#include "sim/report/names.hpp"

#include <fmt/format.h>

namespace sextant::sim::report {

namespace {

template <class Table, class E>
std::string_view first_name(const Table& table, E value) {
  for (const auto& [name, v] : table) {
    if (v == value) return name;
  }
  return "";
}

}  // namespace

std::string_view name_of(Precision v) { return first_name(precision_names, v); }
std::string_view name_of(Sharding v) { return first_name(sharding_names, v); }
std::string_view name_of(Schedule v) { return first_name(schedule_names, v); }
std::string_view name_of(RecomputeMode v) { return first_name(recompute_mode_names, v); }
std::string_view name_of(Module v) { return first_name(module_names, v); }
std::string_view name_of(Routing v) { return first_name(routing_names, v); }
std::string_view name_of(AttentionKernel v) { return first_name(attention_kernel_names, v); }

std::string recompute_text(const Recompute& r) {
  switch (r.mode) {
    case RecomputeMode::none: return r.silent ? "recompute not stated" : "no recompute";
    case RecomputeMode::full: return "full recompute";
    case RecomputeMode::block: return fmt::format("recompute of {} layers a stage", r.layers);
    case RecomputeMode::selective: break;
  }
  std::string list;
  for (const auto& [name, module] : module_names) {
    if (r.modules.has(module) && name == name_of(module))
      list += (list.empty() ? "recompute of " : ", ") + std::string(name);
  }
  return list;
}

}  // namespace sextant::sim::report
