// SPDX-License-Identifier: Apache-2.0
#include "sim/report/to_chrome_trace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

namespace sextant::sim::report {

namespace {

std::int64_t nanoseconds(Seconds t) { return std::llround(t.value() * 1e9); }
std::string microseconds(std::int64_t ns) { return fmt::format("{}.{:03}", ns / 1000, ns % 1000); }
std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// A slice in whole nanoseconds with the thread it goes to.
struct Placed {
  std::int64_t start = 0;
  std::int64_t end = 0;
  int thread = 0;
};

/// Thread ids: lane x this, plus the number of the sub-lane.
constexpr int sub_lanes = 64;

/// Gives each slice the first sub-lane of its lane in which it nests or follows.
class Lanes {
 public:
  explicit Lanes(const TraceDocument& d) : placed_(d.slices.size()) {
    std::vector<std::size_t> order(d.slices.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i < order.size(); ++i) {
      placed_[i].start = nanoseconds(d.slices[i].start);
      placed_[i].end = nanoseconds(d.slices[i].start + d.slices[i].duration);
    }
    std::stable_sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
      const Placed& x = placed_[a];
      const Placed& y = placed_[b];
      return x.start != y.start ? x.start < y.start : x.end > y.end;
    });
    for (const std::size_t i : order) place(d.slices[i], placed_[i]);
  }

  [[nodiscard]] const std::vector<Placed>& placed() const { return placed_; }
  /// Sub-lanes in use of (rank, lane).
  [[nodiscard]] const std::map<std::pair<int, int>, std::vector<std::vector<std::int64_t>>>& open() const {
    return open_;
  }

 private:
  void place(const TraceRectangle& slice, Placed& p) {
    auto& lanes = open_[{slice.rank, slice.lane}];
    std::size_t sub = 0;
    for (; sub < lanes.size(); ++sub) {
      std::vector<std::int64_t>& ends = lanes[sub];  // of the slices that are open, outermost first
      while (!ends.empty() && ends.back() <= p.start) ends.pop_back();
      if (ends.empty() || p.end <= ends.back()) break;
    }
    if (sub == lanes.size()) lanes.emplace_back();
    lanes[sub].push_back(p.end);
    p.thread = slice.lane * sub_lanes + static_cast<int>(sub);
  }

  std::vector<Placed> placed_;
  std::map<std::pair<int, int>, std::vector<std::vector<std::int64_t>>> open_;
};

class TraceWriter {
 public:
  explicit TraceWriter(const TraceDocument& document) : d_(document), lanes_(document) {}

  std::string write() {
    out_ = "{\"displayTimeUnit\":\"ms\",\"otherData\":{";
    for (std::size_t i = 0; i < d_.about.size(); ++i) {
      out_ += (i == 0 ? "" : ",") + json_text(d_.about[i].first) + ":" + json_text(d_.about[i].second);
    }
    out_ += "},\"traceEvents\":[";
    metadata();
    for (std::size_t i = 0; i < d_.slices.size(); ++i) slice(i);
    for (std::size_t i = 0; i < d_.arrows.size(); ++i) arrow(i);
    for (const TraceCounter& c : d_.counters) counter(c);
    return std::move(out_) + "\n]}\n";
  }

 private:
  void event(const std::string& text) {
    out_ += first_ ? "\n" : ",\n";
    out_ += text;
    first_ = false;
  }

  void metadata() {
    for (std::size_t r = 0; r < d_.ranks.size(); ++r) {
      event(fmt::format(R"({{"ph":"M","name":"process_name","pid":{},"tid":0,"args":{{"name":{}}}}})", r,
                        json_text(d_.ranks[r])));
      event(
          fmt::format(R"({{"ph":"M","name":"process_sort_index","pid":{},"tid":0,"args":{{"sort_index":{}}}}})", r, r));
    }
    for (const auto& [at, subs] : lanes_.open()) {
      for (std::size_t sub = 0; sub < subs.size(); ++sub) {
        const int thread = at.second * sub_lanes + static_cast<int>(sub);
        std::string name = d_.lanes[static_cast<std::size_t>(at.second)];
        if (sub > 0) name += fmt::format(" ({})", sub + 1);
        event(fmt::format(R"({{"ph":"M","name":"thread_name","pid":{},"tid":{},"args":{{"name":{}}}}})", at.first,
                          thread, json_text(name)));
        event(fmt::format(R"({{"ph":"M","name":"thread_sort_index","pid":{},"tid":{},"args":{{"sort_index":{}}}}})",
                          at.first, thread, thread));
      }
    }
  }

  void slice(std::size_t i) {
    const TraceRectangle& s = d_.slices[i];
    const Placed& p = lanes_.placed()[i];
    std::string arguments;
    for (const auto& [key, value] : s.arguments) {
      if (std::isfinite(value))
        arguments += (arguments.empty() ? "" : ",") + json_text(key) + fmt::format(":{}", value);
    }
    event(fmt::format(R"({{"ph":"X","name":{},"cat":{},"pid":{},"tid":{},"ts":{},"dur":{},"args":{{{}}}}})",
                      json_text(s.name), json_text(s.category), s.rank, p.thread, microseconds(p.start),
                      microseconds(p.end - p.start), arguments));
  }

  /// Start and finish match by category, name and id; "bp":"e" binds the finish to the slice it lies in.
  void arrow(std::size_t i) {
    const TraceArrow& a = d_.arrows[i];
    const auto end = [&](std::size_t slice, std::string_view phase, std::string_view extra) {
      const Placed& p = lanes_.placed()[slice];
      event(fmt::format(R"({{"ph":"{}","name":{},"cat":"flow","id":{},"pid":{},"tid":{},"ts":{}{}}})", phase,
                        json_text(a.name), i, d_.slices[slice].rank, p.thread, microseconds(p.start), extra));
    };
    end(a.from, "s", "");
    end(a.to, "f", R"(,"bp":"e")");
  }

  void counter(const TraceCounter& c) {
    event(fmt::format(R"({{"ph":"C","name":{},"pid":{},"ts":{},"args":{{{}:{}}}}})", json_text(c.name), c.rank,
                      microseconds(nanoseconds(c.since)), json_text(c.series), c.value));
  }

  const TraceDocument& d_;
  Lanes lanes_;
  std::string out_;
  bool first_ = true;
};

}  // namespace

std::string to_chrome_trace(const TraceDocument& document) { return TraceWriter(document).write(); }

}  // namespace sextant::sim::report
