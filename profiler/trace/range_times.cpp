// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/range_times.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "profiler/trace/intervals.hpp"

namespace sextant::profile {

namespace {

/// Launches of one thread in time order, each with the device time it caused.
struct Launched {
  Nanoseconds at;
  Interval work;
};

std::map<std::uint64_t, std::vector<Launched>> launches_by_thread(const Trace& trace) {
  std::unordered_map<std::uint64_t, const Launch*> by_correlation;
  for (const Launch& l : trace.launches) by_correlation.emplace(l.correlation, &l);
  std::map<std::uint64_t, std::vector<Launched>> out;
  for (const DeviceEvent& e : trace.events) {
    const auto found = by_correlation.find(e.correlation);
    if (found != by_correlation.end()) out[found->second->thread].push_back({found->second->start, {e.start, e.end}});
  }
  for (auto& [thread, list] : out) {
    std::sort(list.begin(), list.end(), [](const Launched& a, const Launched& b) { return a.at < b.at; });
  }
  return out;
}

}  // namespace

std::vector<RangeTime> range_times(const Trace& trace) {
  const auto launched = launches_by_thread(trace);
  struct Total {
    std::uint64_t count = 0;
    Nanoseconds time = 0;
  };
  std::map<int, Total> totals;
  for (const HostRange& range : trace.ranges) {
    Total& total = totals[range.name];
    ++total.count;
    const auto thread = launched.find(range.thread);
    if (thread == launched.end()) continue;
    const auto earlier = [](const Launched& l, Nanoseconds t) { return l.at < t; };
    auto at = std::lower_bound(thread->second.begin(), thread->second.end(), range.start, earlier);
    std::vector<Interval> work;
    for (; at != thread->second.end() && at->at <= range.end; ++at) work.push_back(at->work);
    total.time += length(unite(std::move(work)));
  }
  std::vector<RangeTime> out;
  for (const auto& [name, total] : totals) {
    const std::string text = name >= 0 ? trace.names[static_cast<std::size_t>(name)] : "(no name)";
    out.push_back({text, total.count, static_cast<double>(total.time) * 1e-9});
  }
  std::sort(out.begin(), out.end(), [](const RangeTime& a, const RangeTime& b) { return a.total_s > b.total_s; });
  return out;
}

}  // namespace sextant::profile
