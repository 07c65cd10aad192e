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

std::string_view name_of(Trust v) {
  for (const auto& [name, value] : trust_names) {
    if (value == v) return name;
  }
  return {};
}

std::string_view name_of(OpName v) {
  switch (v) {
    case OpName::qkv: return "qkv";
    case OpName::output_gate: return "output-gate";
    case OpName::q_down: return "q-down";
    case OpName::q_up: return "q-up";
    case OpName::kv_down: return "kv-down";
    case OpName::kv_up: return "kv-up";
    case OpName::attention_out: return "attention-out";
    case OpName::core: return "core";
    case OpName::fc1: return "fc1";
    case OpName::fc2: return "fc2";
    case OpName::router: return "router";
    case OpName::expert_fc1: return "expert-fc1";
    case OpName::expert_fc2: return "expert-fc2";
    case OpName::shared_fc1: return "shared-fc1";
    case OpName::shared_fc2: return "shared-fc2";
    case OpName::mtp_projection: return "mtp-projection";
    case OpName::head: return "head";
    case OpName::norm_and_residual: return "norm-and-residual";
    case OpName::rope: return "rope";
    case OpName::activation: return "activation";
    case OpName::permute: return "permute";
    case OpName::expert_bias: return "expert_bias";
    case OpName::cast: return "cast";
    case OpName::tensor_reduce: return "tensor-reduce";
    case OpName::expert_tensor_reduce: return "expert-tensor-reduce";
    case OpName::context_exchange: return "context-exchange";
    case OpName::dispatch: return "dispatch";
    case OpName::combine: return "combine";
  }
  return "";
}

std::string recompute_text(const Recompute& r) {
  switch (r.mode) {
    case RecomputeMode::none: return "no recompute";
    case RecomputeMode::full: return r.silent ? "full recompute unless a run says otherwise" : "full recompute";
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
