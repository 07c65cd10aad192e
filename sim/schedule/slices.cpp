// SPDX-License-Identifier: Apache-2.0
#include "sim/schedule/slices.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace sextant::sim::schedule {

namespace {

/// The two parts of an overlapped pair are named apart where they send.
Item forward_part(const Item& item) { return {Pass::forward, item.chunk, item.microbatch, 0, 0}; }
Item backward_part(const Item& item) {
  const Pass pass = item.pass == Pass::forward_backward ? Pass::backward : item.pass;
  return {pass, backward_chunk(item), backward_microbatch(item), 0, 0};
}

TraceSlice send(const Timeline& timeline, const TimedItem& from, const Item& part, Lane lane, Seconds hop) {
  Site site = timeline.layout.site(part.chunk, from.stage);
  site.virtual_stage += lane == Lane::send_forward ? 1 : -1;
  std::string name = fmt::format("{} to stage {}", item_name(part, timeline.layout, timeline.microbatches),
                                 timeline.layout.stage_of(site));
  return {from.stage, lane, std::move(name), part, from.end, hop};
}

}  // namespace

std::string_view lane_name(Lane lane) {
  static constexpr std::array<std::string_view, 3> names{"compute", "send forward", "send backward"};
  return names[static_cast<std::size_t>(lane)];
}

std::vector<TraceSlice> slices(const Timeline& timeline) {
  std::vector<TraceSlice> out;
  out.reserve(timeline.items.size());
  for (const TimedItem& t : timeline.items) {
    out.push_back({t.stage, Lane::compute, item_name(t.item, timeline.layout, timeline.microbatches), t.item, t.start,
                   t.end - t.start});
    if (t.forward_hop > Seconds{}) {
      out.push_back(send(timeline, t, forward_part(t.item), Lane::send_forward, t.forward_hop));
    }
    if (t.gradient_hop > Seconds{}) {
      out.push_back(send(timeline, t, backward_part(t.item), Lane::send_backward, t.gradient_hop));
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const TraceSlice& a, const TraceSlice& b) { return a.start < b.start; });
  return out;
}

std::vector<TraceLane> lanes(std::span<const TraceSlice> slices) {
  std::vector<TraceLane> out;
  for (const TraceSlice& s : slices) out.push_back({s.stage, s.lane, std::string(lane_name(s.lane))});
  std::sort(out.begin(), out.end(), [](const TraceLane& a, const TraceLane& b) {
    return a.stage != b.stage ? a.stage < b.stage : a.lane < b.lane;
  });
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<HeldLevel> held_levels(const Timeline& timeline, int stage) {
  std::vector<HeldLevel> out;
  Held now;
  const auto level = [&](Seconds since) {
    if (!out.empty() && out.back().since == since) {
      out.back().held = now;
    } else {
      out.push_back({since, now});
    }
  };
  for (const TimedItem& t : timeline.items) {
    if (t.stage != stage) continue;
    if (has_forward(t.item.pass)) {
      ++now.until_input_gradient;
      ++now.until_weight_gradient;
      level(t.start);
    }
    if (has_input_gradient(t.item.pass)) --now.until_input_gradient;
    if (has_weight_gradient(t.item.pass)) --now.until_weight_gradient;
    if (t.item.pass != Pass::forward) level(t.end);
  }
  return out;
}

}  // namespace sextant::sim::schedule
