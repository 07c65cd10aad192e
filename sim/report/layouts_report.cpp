// SPDX-License-Identifier: Apache-2.0
#include "sim/report/layouts_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

/// One layout with what it means.
struct Row {
  Run run;
  HeadlineNumbers numbers;
  double mfu = 0;
  double step_s = 0;
  bool front = false;
};

Row row_of(const LayoutQuery& q, const search::Candidate& candidate) {
  Row row;
  row.run = search::run_of(q.run, candidate);
  const Prediction p = predict(row.run, q.calibration);
  row.numbers = headline_numbers({row.run, p, q.goal, q.price, q.factors});
  row.mfu = p.efficiency.mfu;
  row.step_s = p.step.time.value();
  return row;
}

double spent(const Row& r) { return r.numbers.cost_usd ? r.numbers.cost_usd->mid : r.numbers.gpu_hours.mid; }

/// Marks the rows that no other row beats in time and money.
void mark_front(std::vector<Row>& rows) {
  for (Row& a : rows) {
    a.front = std::none_of(rows.begin(), rows.end(), [&a](const Row& b) {
      const bool no_worse = b.numbers.days.mid <= a.numbers.days.mid && spent(b) <= spent(a);
      return no_worse && (b.numbers.days.mid < a.numbers.days.mid || spent(b) < spent(a));
    });
  }
}

std::vector<std::string> words(const Modules& modules) {
  std::vector<std::string> out;
  for (const auto& [name, module] : module_names) {
    if (modules.has(module) && name != "swiglu") out.emplace_back(name);
  }
  return out;
}

std::vector<Column> columns() {
  return {{"id", "", Unit::text},
          {"gpus", "GPUs", Unit::count},
          {"days", "time", Unit::days},
          {"cost_usd", "cost", Unit::usd},
          {"layout", "layout", Unit::text},
          {"mfu", "MFU", Unit::share},
          {"memory_headroom_gb", "free", Unit::gigabytes},
          {"step_time_s", "step", Unit::seconds},
          {"gpu_hours", "", Unit::gpu_hours},
          {"recompute", "", Unit::text},
          {"front", "", Unit::text},
          {"/parallelism/tp", "", Unit::count},
          {"/parallelism/pp", "", Unit::count},
          {"/parallelism/vp", "", Unit::count},
          {"/parallelism/cp", "", Unit::count},
          {"/parallelism/ep", "", Unit::count},
          {"/parallelism/etp", "", Unit::count},
          {"/parallelism/dp", "", Unit::count},
          {"/parallelism/schedule", "", Unit::text},
          {"/parallelism/sharding", "", Unit::text},
          {"/parallelism/sharding_group", "", Unit::count},
          {"/batch/micro_sequences", "", Unit::count},
          {"/recompute/mode", "", Unit::text},
          {"/recompute/modules", "", Unit::text},
          {"/recompute/layers", "", Unit::count}};
}

Cell whole(int n) { return static_cast<double>(n); }

std::vector<Cell> cells_of(const Row& r, std::size_t index) {
  const Parallelism& p = r.run.parallelism;
  const Recompute& c = r.run.recompute;
  const bool selective = c.mode == RecomputeMode::selective;
  const bool block = c.mode == RecomputeMode::block;
  return {fmt::format("layout-{}", index),
          whole(r.run.cluster.gpus),
          r.numbers.days.mid,
          r.numbers.cost_usd ? Cell{r.numbers.cost_usd->mid} : Cell{},
          layout_text(r.run) + fmt::format(", micro {}", r.run.batch.micro_sequences),
          r.mfu,
          r.numbers.headroom_gb,
          r.step_s,
          r.numbers.gpu_hours.mid,
          recompute_text(c),
          r.front,
          whole(p.tp),
          whole(p.pp),
          whole(p.vp),
          whole(p.cp),
          whole(p.ep),
          whole(p.etp),
          whole(p.dp),
          p.pp > 1 ? Cell{std::string(name_of(p.schedule))} : Cell{},
          std::string(name_of(p.sharding)),
          p.sharding_group > 0 ? whole(p.sharding_group) : Cell{},
          whole(r.run.batch.micro_sequences),
          std::string(name_of(c.mode)),
          selective ? Cell{words(c.modules)} : Cell{},
          block ? whole(c.layers) : Cell{}};
}

Report report_of(const LayoutQuery& q, std::vector<Row> rows, const search::Counts& counts) {
  mark_front(rows);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.numbers.days.mid < b.numbers.days.mid; });
  Report r;
  r.format = "sextant/layouts/1";
  r.title = fmt::format("Layouts of {}", run_title(q.run));
  r.add(Figure{.key = "considered",
               .label = "configurations considered",
               .value = static_cast<double>(counts.considered()),
               .unit = Unit::count});
  r.add(Figure{.key = "fits", .label = "fit", .value = static_cast<double>(counts.fits), .unit = Unit::count});
  Table t{.key = "layouts", .title = "Layouts", .columns = columns(), .main = true};
  for (std::size_t i = 0; i < rows.size(); ++i) t.rows.push_back(cells_of(rows[i], i));
  r.add(std::move(t));
  return r;
}

}  // namespace

std::vector<int> sizes_around(const Run& run, int steps) {
  const int node = std::max(1, run.cluster.gpus_per_node);
  std::vector<int> sizes;
  for (int i = -steps; i <= steps; ++i) {
    const int n = i < 0 ? run.cluster.gpus >> -i : run.cluster.gpus << i;
    const bool whole_nodes = n >= node && n % node == 0;
    if (whole_nodes || i == 0) sizes.push_back(n);
  }
  return sizes;
}

Report layouts_report(const LayoutQuery& q, const std::function<bool(double, const Report&)>& progress) {
  const search::Space space = search::usual_space(q.run);
  search::Options options;
  options.top = q.top;
  options.threads = q.threads;
  std::vector<Row> rows;
  search::Counts counts;
  for (std::size_t i = 0; i < q.sizes.size(); ++i) {
    for (const search::SizeResult& size :
         search::search(q.run, space, {q.sizes[i]}, q.calibration.parameters, options)) {
      counts += size.counts;
      for (const search::Found& f : size.found.layouts()) rows.push_back(row_of(q, f.candidate));
    }
    const double share = static_cast<double>(i + 1) / static_cast<double>(q.sizes.size());
    if (!progress(share, report_of(q, rows, counts))) break;
  }
  return report_of(q, std::move(rows), counts);
}

}  // namespace sextant::sim::report
