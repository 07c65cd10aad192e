// SPDX-License-Identifier: Apache-2.0
// Does Perfetto get a trace it can show: slices that nest or follow, arrows that meet slices, whole JSON?
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "sim/report/step_trace.hpp"
#include "sim/report/to_chrome_trace.hpp"
#include "tests/sim/report/sample.hpp"
#include "tests/support/catch.hpp"

using namespace sextant;
using namespace sextant::sim;
using namespace sextant::sim::report;
using namespace sextant::test;

namespace {

using Span = std::pair<long long, long long>;
using Threads = std::map<std::pair<int, int>, std::vector<Span>>;

long long ns(const nlohmann::json& us) { return std::llround(us.get<double>() * 1000); }

Threads spans(const nlohmann::json& trace) {
  Threads out;
  for (const auto& e : trace["traceEvents"]) {
    if (e["ph"] == "X") out[{e["pid"], e["tid"]}].push_back({ns(e["ts"]), ns(e["ts"]) + ns(e["dur"])});
  }
  return out;
}

/// Slices of one thread that overlap in part.
int partial_overlaps(Threads threads) {
  int count = 0;
  for (auto& [thread, list] : threads) {
    std::sort(list.begin(), list.end(), [](const Span& a, const Span& b) {
      return a.first != b.first ? a.first < b.first : a.second > b.second;
    });
    std::vector<long long> open;
    for (const Span& s : list) {
      while (!open.empty() && open.back() <= s.first) open.pop_back();
      if (!open.empty() && s.second > open.back()) ++count;
      open.push_back(s.second);
    }
  }
  return count;
}

nlohmann::json trace_of(const Run& run) {
  const StepTimeline timeline = step_timeline(run, calibration().parameters);
  return nlohmann::json::parse(to_chrome_trace(step_trace(run, timeline, evaluate(run, calibration().parameters))));
}

}  // namespace

TEST_CASE("slices that overlap in part go to lanes of their own, whatever they are") {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> start(0, 1000);
  std::uniform_int_distribution<int> length(0, 60);
  TraceDocument d{{"rank"}, {"lane"}, {}, {}, {}, {}};
  for (int i = 0; i < 400; ++i) {
    d.slices.push_back({0, 0, "s", "c", Seconds{start(random) * 1e-6}, Seconds{length(random) * 1e-6}, {}});
  }
  const auto json = nlohmann::json::parse(to_chrome_trace(d));
  CHECK(partial_overlaps(spans(json)) == 0);
  std::size_t count = 0;
  for (const auto& [thread, list] : spans(json)) count += list.size();
  CHECK(count == 400);
  // The test itself sees an overlap where there is one.
  CHECK(partial_overlaps({{{0, 0}, {{0, 10}, {5, 15}}}}) == 1);
}

TEST_CASE("the step of every catalogue run is a trace without partial overlaps that lasts as long as the step") {
  for (const std::string& id : catalogue_run_ids()) {
    INFO(id);
    const Run run = catalogue_run(id);
    const nlohmann::json trace = trace_of(run);
    CHECK(partial_overlaps(spans(trace)) == 0);
    long long end = 0;
    for (const auto& [thread, list] : spans(trace)) {
      for (const Span& s : list) end = std::max(end, s.second);
    }
    const double step = evaluate(run, calibration().parameters).time.value();
    CHECK(static_cast<double>(end) * 1e-9 == Approx(step).epsilon(0.01));
  }
}

TEST_CASE("every arrow starts and ends in a slice, and every thread has a name") {
  const nlohmann::json trace = trace_of(catalogue_run("deepseek-v3-2048-h800"));
  const Threads threads = spans(trace);
  std::map<int, int> starts;
  std::map<int, int> ends;
  std::map<std::pair<int, int>, int> names;
  for (const auto& e : trace["traceEvents"]) {
    const std::string phase = e["ph"];
    if (phase == "M" && e["name"] == "thread_name") ++names[{e["pid"], e["tid"]}];
    if (phase != "s" && phase != "f") continue;
    ++(phase == "s" ? starts : ends)[e["id"].get<int>()];
    if (phase == "f") CHECK(e["bp"] == "e");
    const auto found = threads.find({e["pid"], e["tid"]});
    REQUIRE(found != threads.end());
    const long long at = ns(e["ts"]);
    CHECK(std::any_of(found->second.begin(), found->second.end(),
                      [at](const Span& s) { return s.first <= at && at <= s.second; }));
  }
  // 16 stages, 120 micro-batches: 15 sends forward and 15 back for each.
  CHECK(starts.size() == 15U * 120 * 2);
  CHECK(starts == ends);
  for (const auto& [thread, list] : threads) CHECK(names[thread] == 1);
}

TEST_CASE("what a rank holds in flight returns to nothing") {
  const nlohmann::json trace = trace_of(catalogue_run("bloom-176b-384-a100"));
  std::map<int, double> last;
  std::map<int, double> most;
  for (const auto& e : trace["traceEvents"]) {
    if (e["ph"] != "C") continue;
    last[e["pid"]] = e["args"]["micro-batches"];
    most[e["pid"]] = std::max(most[e["pid"]], last[e["pid"]]);
  }
  REQUIRE(last.size() == 12);
  for (const auto& [rank, value] : last) CHECK(value == 0);
  // 1F1B: rank r holds p - r micro-batches at most (arXiv:2104.04473, section 2.2.1).
  for (const auto& [rank, value] : most) CHECK(value == 12 - rank);
}

TEST_CASE("names with quotes and control characters stay JSON") {
  TraceDocument d{{"a \"rank\"\n"},
                  {"l\\ane"},
                  {{0, 0, "\x01<\xff>", "c", Seconds{0}, Seconds{1}, {{"x", std::nan("")}}}},
                  {},
                  {},
                  {}};
  CHECK_NOTHROW(nlohmann::json::parse(to_chrome_trace(d)));
}
