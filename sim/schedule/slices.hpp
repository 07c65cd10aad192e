// SPDX-License-Identifier: Apache-2.0
// A timeline as rectangles for trace files and Gantt charts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/schedule/executor.hpp"

namespace sextant::sim::schedule {

/// What runs side by side on one device.
enum class Lane : std::uint8_t { compute, send_forward, send_backward };

[[nodiscard]] std::string_view lane_name(Lane lane);

struct TraceLane {
  int stage = 0;
  Lane lane = Lane::compute;
  std::string name;  ///< "compute", "send forward", "send backward"

  bool operator==(const TraceLane&) const = default;
};

struct TraceSlice {
  int stage = 0;  ///< the device; of a send, the sender
  Lane lane = Lane::compute;
  std::string name;  ///< item_name(), or "F3.1 to stage 2"
  Item item;
  Seconds start;
  Seconds duration;
};

/// Slices of a timeline that keeps its items: one for each item, one for each message that takes time. By start.
/// Messages that leave one device on one lane may overlap in time where a hop takes longer than an item.
[[nodiscard]] std::vector<TraceSlice> slices(const Timeline& timeline);

/// The lanes that the slices use, by stage and lane.
[[nodiscard]] std::vector<TraceLane> lanes(std::span<const TraceSlice> slices);

/// Activations that one device holds after some moment, until the next level.
struct HeldLevel {
  Seconds since;
  Held held;  ///< all chunks of the device together
};

/// How what a device holds goes up and down in a timeline that keeps its items.
[[nodiscard]] std::vector<HeldLevel> held_levels(const Timeline& timeline, int stage);

}  // namespace sextant::sim::schedule
