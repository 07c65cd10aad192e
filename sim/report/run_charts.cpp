// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/charts.hpp"
#include "sim/report/names.hpp"
#include "sim/step/timeline.hpp"

namespace sextant::sim::report {

namespace {

constexpr double percent = 100;

std::string_view series_of(schedule::Pass pass) {
  switch (pass) {
    case schedule::Pass::forward: return "forward";
    case schedule::Pass::backward: return "backward";
    case schedule::Pass::input_gradient: return "input gradient";
    case schedule::Pass::weight_gradient: return "weight gradient";
    case schedule::Pass::forward_backward: return "forward and backward at once";
  }
  return "";
}

}  // namespace

Chart step_chart(const Run& run, const StepEstimate& step) {
  Chart c{.kind = Chart::Kind::stacked,
          .title = "Where a step's time goes",
          .axis = "seconds of the busiest GPU",
          .unit = Unit::seconds};
  std::vector<const TermInfo*> order;
  for (const TermInfo& info : term_table()) {
    if (step.terms[info.term] / step.time > 0.002) order.push_back(&info);
  }
  std::sort(order.begin(), order.end(),
            [&](const TermInfo* a, const TermInfo* b) { return step.terms[a->term] > step.terms[b->term]; });
  double at = 0;
  for (const TermInfo* info : order) {
    const double t = step.terms[info->term].value();
    // Beyond ten colours the rest is one.
    const std::string series = c.marks.size() < 9 ? std::string(info->title) : "smaller terms";
    c.marks.push_back({.row = run.cluster.gpu.id,
                       .series = series,
                       .from = at,
                       .to = at + t,
                       .note = fmt::format("{}: {} ({:.1f} %)", info->title, format(t, Unit::seconds),
                                           percent * t / step.time.value())});
    at += t;
  }
  return c;
}

Chart memory_chart(const MemoryEstimate& memory) {
  Chart c{.kind = Chart::Kind::stacked,
          .title = "Memory, pipeline rank by pipeline rank",
          .axis = "GB of a GPU",
          .unit = Unit::gigabytes,
          .limit = memory.capacity / memory_gb};
  for (std::size_t r = 0; r < memory.ranks.size(); ++r) {
    double at = 0;
    for (std::size_t i = 0; i < memory_class_names.size(); ++i) {
      const double size = memory.ranks[r].of(static_cast<MemoryClass>(i)) / memory_gb;
      if (!(size > 0)) continue;
      c.marks.push_back({.row = fmt::format("rank {}", r),
                         .series = std::string(memory_class_names[i]),
                         .from = at,
                         .to = at + size,
                         .note = fmt::format("{}: {:.1f} GB", memory_class_names[i], size)});
      at += size;
    }
  }
  c.caption = fmt::format("The line is what a GPU has, {:.1f} GB; rank {} is the fullest.", memory.capacity / memory_gb,
                          memory.worst);
  return c;
}

Chart pipeline_chart(const Run& run, const Parameters& parameters) {
  Chart c{.kind = Chart::Kind::gantt, .title = "The pipeline of a step", .axis = "seconds", .unit = Unit::seconds};
  if (run.parallelism.pp <= 1) return c;
  const int all = static_cast<int>(std::lround(run.microbatches()));
  // Schedules of both directions want an even number of micro-batches.
  const int shown = std::min(all, 2 * run.parallelism.pp);
  const StepTimeline t = step_timeline(run, parameters, shown);
  for (const schedule::TimedItem& item : t.timeline.items) {
    c.marks.push_back({.row = fmt::format("rank {}", item.stage),
                       .series = std::string(series_of(item.item.pass)),
                       .from = item.start.value(),
                       .to = item.end.value(),
                       .note = fmt::format("micro-batch {}", item.item.microbatch)});
  }
  std::stable_sort(c.marks.begin(), c.marks.end(), [](const Chart::Mark& a, const Chart::Mark& b) {
    const auto number = [](const std::string& row) { return std::stoi(row.substr(5)); };
    return number(a.row) < number(b.row);
  });
  if (shown < all)
    c.caption = fmt::format("{} of the step's {} micro-batches; the middle repeats.", t.timeline.microbatches, all);
  return c;
}

Chart step_tornado(const StepEstimate& step, const Band<Seconds>& band, const std::vector<TornadoBar>& bars) {
  constexpr std::size_t shown = 14;
  Chart c{.kind = Chart::Kind::intervals,
          .title = "What moves the step time",
          .axis = "step time",
          .unit = Unit::seconds,
          .logarithmic = true};
  if (bars.empty()) return c;
  const double mid = step.time.value();
  const auto row = [&](std::string name, const std::string& series, const Band<double>& b, std::string note) {
    c.marks.push_back({.row = std::move(name),
                       .series = series,
                       .from = b.low,
                       .to = b.high,
                       .middle = mid,
                       .note = std::move(note)});
  };
  row("all together", "80 % band", {band.low.value(), mid, band.high.value()}, "root of the sum of squares");
  for (std::size_t i = 0; i < std::min(shown, bars.size()); ++i) {
    const TornadoBar& b = bars[i];
    row(b.input, std::string(name_of(b.grade)), {b.low.value(), mid, b.high.value()}, b.range + "; " + b.why);
  }
  c.caption =
      "Calibrated parameters by one standard deviation, assumed inputs over their range, the model's own error as its "
      "80 % band. Colours say what an input rests on.";
  return c;
}

}  // namespace sextant::sim::report
