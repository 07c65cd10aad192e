// SPDX-License-Identifier: Apache-2.0
// Internal: an axis as a file states it. For readers and writers only.
#pragma once

#include <optional>

#include "base/json/shape.hpp"
#include "sim/sweep/sweep.hpp"

namespace sextant::sim::sweep {

/// How the points of a range lie between its ends.
enum class Scale : std::uint8_t { linear, log };

struct StatedAxis {
  std::optional<std::string> field;
  std::vector<std::string> fields;
  std::vector<json::Node> values;
  std::optional<double> from, to, step, factor;
  std::optional<int> points;
  std::optional<Scale> scale;
  std::optional<double> multiple_of;
};

/// The values of a range; what `multiple_of` makes equal counts once. Faults are reported at the axis.
[[nodiscard]] std::vector<double> range_values(const StatedAxis& axis);

/// The axis with its steps written out.
[[nodiscard]] std::optional<Axis> read_axis(const json::Cursor& at);

}  // namespace sextant::sim::sweep

namespace sextant::json {

template <>
struct EnumNames<sim::sweep::Scale> {
  static constexpr std::array<std::pair<std::string_view, sim::sweep::Scale>, 2> table{
      {{"linear", sim::sweep::Scale::linear}, {"log", sim::sweep::Scale::log}}};
};

template <>
struct ShapeOf<sim::sweep::StatedAxis> {
  static const Shape<sim::sweep::StatedAxis>& get();
};

}  // namespace sextant::json
