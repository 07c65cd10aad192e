// SPDX-License-Identifier: Apache-2.0
// Names by which files write the options of a run. Include only in loaders and writers.
#pragma once

#include "base/json/shape.hpp"
#include "sim/run/options.hpp"
#include "sim/run/stack.hpp"

namespace sextant::json {

template <>
struct EnumNames<sim::Precision> {
  static constexpr auto table = sim::precision_names;
};
template <>
struct EnumNames<sim::Sharding> {
  static constexpr auto table = sim::sharding_names;
};
template <>
struct EnumNames<sim::RecomputeMode> {
  static constexpr auto table = sim::recompute_mode_names;
};
template <>
struct EnumNames<sim::Module> {
  static constexpr auto table = sim::module_names;
};
template <>
struct EnumNames<sim::Routing> {
  static constexpr auto table = sim::routing_names;
};
template <>
struct EnumNames<sim::Task> {
  static constexpr auto table = sim::task_names;
};
template <>
struct EnumNames<sim::Schedule> {
  static constexpr auto table = sim::schedule_names;
};
template <>
struct EnumNames<sim::AttentionKernel> {
  static constexpr auto table = sim::attention_kernel_names;
};
template <>
struct EnumNames<sim::Fp8Recipe> {
  static constexpr auto table = sim::fp8_recipe_names;
};
template <>
struct EnumNames<sim::Overlap> {
  static constexpr auto table = sim::overlap_names;
};
template <>
struct EnumNames<sim::ShardPrefetch> {
  static constexpr auto table = sim::shard_prefetch_names;
};

/// Modules are an array of names.
template <>
struct Value<sim::Modules> {
  static bool read(const Cursor& c, const Range& r, sim::Modules& out) {
    std::vector<sim::Module> list;
    if (!Value<std::vector<sim::Module>>::read(c, r, list)) return false;
    for (const sim::Module m : list) out.add(m);
    return true;
  }
  static Json write(const sim::Modules& v, const Range&) {
    Json list = Json::array();
    const sim::Module* last = nullptr;
    for (const auto& [name, module] : sim::module_names) {
      if (v.has(module) && (last == nullptr || *last != module)) list.push_back(std::string(name));
      last = &module;
    }
    return list;
  }
  static Json describe(const Range& r) { return Value<std::vector<sim::Module>>::describe(r); }
};

/// Parameters are written by their tag.
template <>
struct Value<sim::Parameter> {
  static bool read(const Cursor& c, const Range&, sim::Parameter& out) {
    std::vector<std::string_view> tags;
    for (const sim::ParameterInfo& row : sim::parameter_table()) {
      if (c.node().type == Type::string && c.node().string == row.tag) {
        out = row.parameter;
        return true;
      }
      tags.push_back(row.tag);
    }
    if (c.node().type != Type::string) return c.expected("the tag of a calibrated parameter");
    c.fault("\"" + c.node().string + "\" is no calibrated parameter", did_you_mean(c.node().string, tags));
    return false;
  }
  static Json write(sim::Parameter p, const Range&) {
    return std::string(sim::parameter_table()[static_cast<std::size_t>(p)].tag);
  }
  static Json describe(const Range&) {
    Json tags = Json::array();
    for (const sim::ParameterInfo& row : sim::parameter_table()) tags.push_back(std::string(row.tag));
    return {{"enum", tags}};
  }
};

template <>
struct ShapeOf<sim::AttentionSince> {
  static const Shape<sim::AttentionSince>& get();
};
template <>
struct ShapeOf<sim::EarlierLoss> {
  static const Shape<sim::EarlierLoss>& get();
};
template <>
struct ShapeOf<sim::StackMemory> {
  static const Shape<sim::StackMemory>& get();
};
template <>
struct ShapeOf<sim::StackLayouts> {
  static const Shape<sim::StackLayouts>& get();
};
template <>
struct ShapeOf<sim::Stack> {
  static const Shape<sim::Stack>& get();
};

}  // namespace sextant::json
