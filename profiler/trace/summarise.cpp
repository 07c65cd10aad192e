// SPDX-License-Identifier: Apache-2.0
#include "profiler/trace/summarise.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

#include "profiler/core/statistics.hpp"
#include "profiler/trace/intervals.hpp"
#include "profiler/trace/kernel_class.hpp"
#include "profiler/trace/range_times.hpp"

namespace sextant::profile {

namespace {

constexpr double ns = 1e-9;

double seconds(Nanoseconds t) { return static_cast<double>(t) * ns; }

/// Union of the intervals of each class, device by device, so that one device's kernels do not hide another's.
using ClassUnions = std::array<std::vector<Interval>, kernel_class_names.size()>;

std::map<int, ClassUnions> unions_of(const Trace& trace) {
  std::map<int, ClassUnions> out;
  for (const DeviceEvent& e : trace.events) {
    out[e.device][static_cast<std::size_t>(classify(trace, e))].push_back({e.start, e.end});
  }
  for (auto& [device, classes] : out) {
    for (auto& intervals : classes) intervals = unite(std::move(intervals));
  }
  return out;
}

/// Union over all classes but one; `except` beyond the last: over all.
std::vector<Interval> all_but(const ClassUnions& classes, std::size_t except) {
  std::vector<Interval> out;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (i != except) out.insert(out.end(), classes[i].begin(), classes[i].end());
  }
  return unite(std::move(out));
}

void add_classes(const Trace& trace, Recording& r) {
  std::array<ClassTime, kernel_class_names.size()> classes{};
  for (std::size_t i = 0; i < classes.size(); ++i) classes[i].name = kernel_class_names[i];
  for (const DeviceEvent& e : trace.events) {
    ClassTime& c = classes[static_cast<std::size_t>(classify(trace, e))];
    c.seconds += seconds(e.end - e.start);
    ++c.count;
  }
  constexpr auto communication = static_cast<std::size_t>(KernelClass::communication);
  for (const auto& [device, unions] : unions_of(trace)) {
    r.busy_s += seconds(length(all_but(unions, classes.size())));
    for (std::size_t i = 0; i < classes.size(); ++i) {
      const Nanoseconds shared = overlap(unions[i], all_but(unions, i));
      classes[i].exposed_s += seconds(length(unions[i]) - shared);
      if (i == communication) r.overlapped_s += seconds(shared);
    }
    r.communication_s += seconds(length(unions[communication]));
  }
  for (ClassTime& c : classes) {
    if (c.count > 0) r.classes.push_back(std::move(c));
  }
  std::sort(r.classes.begin(), r.classes.end(),
            [](const ClassTime& a, const ClassTime& b) { return a.seconds > b.seconds; });
  const double idle = r.span_s * r.devices - r.busy_s;
  r.classes.push_back({"idle", std::max(idle, 0.0), std::max(idle, 0.0), 0});
}

void add_top(const Trace& trace, Recording& r, int top) {
  std::map<int, std::vector<double>> times;
  for (const DeviceEvent& e : trace.events) {
    if (e.activity == Activity::kernel) times[e.name].push_back(seconds(e.end - e.start));
  }
  for (const auto& [name, list] : times) {
    const std::string text = name >= 0 ? trace.names[static_cast<std::size_t>(name)] : "(no name)";
    double total = 0;
    for (const double t : list) total += t;
    r.top.push_back({text, std::string(name_of(classify(text))), list.size(), total, median(list)});
    r.kernels += list.size();
  }
  std::sort(r.top.begin(), r.top.end(), [](const KernelTime& a, const KernelTime& b) {
    return std::tie(b.total_s, a.name) < std::tie(a.total_s, b.name);
  });
  if (r.top.size() > static_cast<std::size_t>(top)) r.top.resize(static_cast<std::size_t>(top));
}

/// Events of one call of an operator, by the operator's key.
std::map<std::uint64_t, double> call_times(const Trace& trace) {
  std::map<std::uint64_t, double> out;
  for (const DeviceEvent& e : trace.events) {
    if (e.operation != 0 && e.activity == Activity::kernel && trace.operations.count(e.operation) > 0) {
      out[e.operation] += seconds(e.end - e.start);
    }
  }
  return out;
}

}  // namespace

std::uint64_t clip(Trace& trace, Nanoseconds tolerance) {
  std::sort(trace.events.begin(), trace.events.end(), [](const DeviceEvent& a, const DeviceEvent& b) {
    return std::tie(a.device, a.stream, a.start, a.end) < std::tie(b.device, b.stream, b.start, b.end);
  });
  std::uint64_t cut = 0;
  for (std::size_t i = 0; i + 1 < trace.events.size(); ++i) {
    DeviceEvent& e = trace.events[i];
    const DeviceEvent& next = trace.events[i + 1];
    if (next.device != e.device || next.stream != e.stream || e.end <= next.start) continue;
    if (e.end > next.start + tolerance) ++cut;
    e.end = std::max(e.start, next.start);
  }
  return cut;
}

Recording summarise(const Trace& trace, std::uint64_t clipped, int top) {
  Recording r;
  r.program = trace.program;
  r.clipped = clipped;
  r.dropped = trace.dropped;
  r.remarks = trace.remarks;
  std::set<int> devices;
  std::set<std::pair<int, std::int64_t>> streams;
  Nanoseconds first = std::numeric_limits<Nanoseconds>::max(), last = 0;
  for (const DeviceEvent& e : trace.events) {
    devices.insert(e.device);
    streams.emplace(e.device, e.stream);
    first = std::min(first, e.start);
    last = std::max(last, e.end);
  }
  r.devices = static_cast<int>(devices.size());
  r.streams = static_cast<int>(streams.size());
  r.span_s = trace.events.empty() ? 0 : seconds(last - first);
  add_classes(trace, r);
  add_top(trace, r, top);
  r.ranges = range_times(trace);
  double explained = 0;
  for (const auto& [key, time] : call_times(trace)) explained += time;
  r.flop_share = r.busy_s > 0 ? explained / r.busy_s : 0;
  return r;
}

std::vector<Sample> samples_of(const Trace& trace) {
  std::map<std::string, std::pair<Case, std::vector<double>>> by_shape;
  for (const auto& [key, time] : call_times(trace)) {
    const Operation& op = trace.operations.at(key);
    Case c;
    c.family = op.family;
    c.dtype = op.dtype;
    c.pass = op.pass;
    c.axes = op.axes;
    auto& entry = by_shape.try_emplace(c.name(), c, std::vector<double>{}).first->second;
    entry.second.push_back(time);
  }
  std::vector<Sample> out;
  for (const auto& [name, entry] : by_shape) {
    const auto& [c, times] = entry;
    const Work work = work_of(c);
    Sample s;
    s.name = name;
    s.family = c.family;
    s.dtype = c.dtype;
    s.pass = c.pass;
    s.axes = c.axes;
    s.flops = work.flops;
    s.bytes = work.bytes;
    s.median_s = median(times);
    s.spread = relative_spread(times);
    s.n = static_cast<int>(times.size());
    s.note = "inside a program, beside whatever else ran";
    if (s.median_s > 0) out.push_back(std::move(s));
  }
  return out;
}

}  // namespace sextant::profile
