// SPDX-License-Identifier: Apache-2.0
// Declarations of the hardware files. Internal to this folder's loaders and writers.
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/json/shape.hpp"
#include "hardware/accelerator.hpp"
#include "hardware/energy.hpp"
#include "hardware/fabric.hpp"
#include "hardware/grid.hpp"
#include "hardware/node.hpp"
#include "hardware/prices.hpp"

namespace sextant::hardware {

/// Adds "default_source" and "sources" to a shape. A key of "sources" may name several figures, separated by spaces:
/// {"tf32_flop_per_s fp8_flop_per_s": {"title": ...}}.
template <class T>
void add_sources(json::Shape<T>& shape);

/// Reports every key of the object at `at`, other than `sourceless`, that neither has a source nor is covered by the
/// default one, and every entry of "sources" that names no key of the object.
bool check_sources(const json::Cursor& at, const std::map<std::string, Source>& sources,
                   std::span<const std::string_view> sourceless);

bool read_sources(const json::Cursor& at, std::map<std::string, Source>& sources);
bool read_default_source(const json::Cursor& at, std::map<std::string, Source>& sources);
[[nodiscard]] json::Json write_sources(const std::map<std::string, Source>& sources);
[[nodiscard]] json::Json write_default_source(const std::map<std::string, Source>& sources);
[[nodiscard]] json::Json describe_sources();

template <class T>
void add_sources(json::Shape<T>& shape) {
  shape.custom(
      "default_source", "where the figures come from that \"sources\" does not name", false,
      [](const json::Cursor& at, T& v) { return read_default_source(at, v.sources); },
      [](const T& v) { return write_default_source(v.sources); }, [] { return json::ShapeOf<Source>::get().schema(); });
  shape.custom(
      "sources", "where single figures come from; a key may name several, separated by spaces", false,
      [](const json::Cursor& at, T& v) { return read_sources(at, v.sources); },
      [](const T& v) { return write_sources(v.sources); }, describe_sources);
}

constexpr double mib = 1048576.0;
constexpr double gib = 1073741824.0;
constexpr double gbit_per_s = 0.125e9;  // in bytes per second
constexpr double usd_per_gpu_hour = 1.0 / 3600.0;
constexpr double usd_per_kwh = 1.0 / 3.6e6;  // in dollars per joule

}  // namespace sextant::hardware

namespace sextant::json {

template <>
struct EnumNames<hardware::Architecture> {
  static constexpr std::array<std::pair<std::string_view, hardware::Architecture>, 6> table{
      {{"volta", hardware::Architecture::volta},
       {"ampere", hardware::Architecture::ampere},
       {"ada", hardware::Architecture::ada},
       {"hopper", hardware::Architecture::hopper},
       {"blackwell", hardware::Architecture::blackwell},
       {"cdna3", hardware::Architecture::cdna3}}};
};

template <>
struct EnumNames<hardware::IntraNode> {
  static constexpr std::array<std::pair<std::string_view, hardware::IntraNode>, 4> table{
      {{"nvswitch", hardware::IntraNode::nvswitch},
       {"mesh", hardware::IntraNode::mesh},
       {"bridge", hardware::IntraNode::bridge},
       {"pcie", hardware::IntraNode::pcie}}};
};

template <>
struct EnumNames<hardware::FabricKind> {
  static constexpr std::array<std::pair<std::string_view, hardware::FabricKind>, 9> table{
      {{"none", hardware::FabricKind::none},
       {"fat-tree", hardware::FabricKind::fat_tree},
       {"rail-optimised", hardware::FabricKind::rail_optimised},
       {"multi-plane", hardware::FabricKind::multi_plane},
       {"multi-rail", hardware::FabricKind::multi_rail},
       {"roce", hardware::FabricKind::roce},
       {"efa", hardware::FabricKind::efa},
       {"omni-path", hardware::FabricKind::omni_path},
       {"slingshot", hardware::FabricKind::slingshot}}};
};

template <>
struct EnumNames<hardware::Commitment> {
  static constexpr std::array<std::pair<std::string_view, hardware::Commitment>, 6> table{
      {{"on-demand", hardware::Commitment::on_demand},
       {"spot", hardware::Commitment::spot},
       {"capacity-block", hardware::Commitment::capacity_block},
       {"1-year", hardware::Commitment::one_year},
       {"3-year", hardware::Commitment::three_years},
       {"assumption", hardware::Commitment::assumption}}};
};

template <>
struct ShapeOf<hardware::ExportControl> {
  static const Shape<hardware::ExportControl>& get();
};
template <>
struct ShapeOf<hardware::Accelerator> {
  static const Shape<hardware::Accelerator>& get();
};
template <>
struct ShapeOf<hardware::Node> {
  static const Shape<hardware::Node>& get();
};
template <>
struct ShapeOf<hardware::Fabric> {
  static const Shape<hardware::Fabric>& get();
};
template <>
struct ShapeOf<hardware::Grid> {
  static const Shape<hardware::Grid>& get();
};
template <>
struct ShapeOf<hardware::Factor> {
  static const Shape<hardware::Factor>& get();
};
template <>
struct ShapeOf<hardware::EnergyFactors> {
  static const Shape<hardware::EnergyFactors>& get();
};
template <>
struct ShapeOf<hardware::PurchaseRow> {
  static const Shape<hardware::PurchaseRow>& get();
};
template <>
struct ShapeOf<hardware::CostFigure> {
  static const Shape<hardware::CostFigure>& get();
};
template <>
struct ShapeOf<hardware::OwnershipDefaults> {
  static const Shape<hardware::OwnershipDefaults>& get();
};

}  // namespace sextant::json
