// SPDX-License-Identifier: Apache-2.0
// A sweep: one run, with lists and ranges of values for fields of it. Every combination is a point.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json/cursor.hpp"
#include "base/json/node.hpp"
#include "sim/run/field_values.hpp"

namespace sextant::sim::sweep {

/// What a sweep may hold at most: more is a slip of the pen, and positions of points are kept in memory.
inline constexpr std::uint64_t most_points = 100'000'000;
inline constexpr double most_values = 1'000'000;

/// Values of one field, or of several fields that change together.
struct Axis {
  std::vector<std::string> fields;             ///< pointers into the run file
  std::vector<std::vector<json::Node>> steps;  ///< of each step, one value a field
  bool listed = true;                          ///< the steps stand in the file; else a range makes them
  int line = 0;
};

struct Sweep {
  std::string title;
  json::Node run;  ///< as the file states it: an object, or the name of a file or catalogue entry
  std::vector<Axis> axes;
  std::vector<std::string> notes;

  [[nodiscard]] std::uint64_t points() const;
};

/// Reads `"format": "sextant/sweep/1"`; every fault is reported.
[[nodiscard]] std::optional<Sweep> read_sweep(const json::Cursor& at);

/// The values of a point; the last axis changes fastest.
[[nodiscard]] std::vector<FieldValue> values_of(const Sweep& sweep, std::uint64_t point);

/// Holds every value alone against the run's reader: fields that a run does not have and values that it refuses are
/// faults of the sweep's file. What single values leave whole and only combinations break belongs to the points.
void check_fields(const Sweep& sweep, const std::string& file, const json::Node& run, const std::string& run_file,
                  const Catalogue& catalogue, Diagnostics& faults);

}  // namespace sextant::sim::sweep
