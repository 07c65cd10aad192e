// SPDX-License-Identifier: Apache-2.0
#include "sim/report/plan_layouts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

using search::Proposal;

struct Row {
  const Proposal* proposal;
  bool front = false;
};

double spent(const Proposal& p) { return p.cost_usd ? p.cost_usd->mid : p.gpu_hours.mid; }

bool same_choice(const Run& a, const Run& b) {
  return a.cluster.gpus == b.cluster.gpus && a.batch.micro_sequences == b.batch.micro_sequences &&
         layout_text(a) == layout_text(b) && recompute_text(a.recompute) == recompute_text(b.recompute);
}

std::vector<Row> rows_of(const search::Plan& plan) {
  std::vector<Row> rows;
  const auto add = [&rows](const Proposal& p) {
    const bool known =
        std::any_of(rows.begin(), rows.end(), [&p](const Row& r) { return same_choice(r.proposal->run, p.run); });
    if (!known) rows.push_back({&p});
  };
  for (const Proposal& p : plan.ranking) add(p);
  for (const search::SizeSummary& s : plan.sizes) {
    if (s.fastest) add(*s.fastest);
  }
  for (const Proposal& p : plan.front) add(p);
  return rows;
}

/// Marks the rows that no other row beats in time and money.
void mark_front(std::vector<Row>& rows) {
  for (Row& a : rows) {
    const Proposal& p = *a.proposal;
    a.front = std::none_of(rows.begin(), rows.end(), [&p](const Row& b) {
      const Proposal& o = *b.proposal;
      const bool no_worse = o.days.mid <= p.days.mid && spent(o) <= spent(p);
      return no_worse && (o.days.mid < p.days.mid || spent(o) < spent(p));
    });
  }
}

std::string broken_limits(const Proposal& p) {
  if (p.eligible()) return "";
  return p.in_time ? "over budget" : p.affordable ? "late" : "late, over budget";
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
          {"mfu", "MFU", Unit::share},
          {"memory_headroom_gb", "free", Unit::gigabytes},
          {"limits", "limits", Unit::text},
          {"layout", "layout", Unit::text},
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

std::vector<Cell> cells_of(const Row& row, std::size_t index) {
  const Proposal& r = *row.proposal;
  const Parallelism& p = r.run.parallelism;
  const Recompute& c = r.run.recompute;
  const bool selective = c.mode == RecomputeMode::selective;
  const bool block = c.mode == RecomputeMode::block;
  return {fmt::format("layout-{}", index),
          whole(r.run.cluster.gpus),
          r.days.mid,
          r.cost_usd ? Cell{r.cost_usd->mid} : Cell{},
          r.prediction.efficiency.mfu,
          r.headroom / memory_gb,
          broken_limits(r),
          layout_text(r.run) + fmt::format(", micro {}", r.run.batch.micro_sequences),
          r.prediction.step.time.value(),
          r.gpu_hours.mid,
          recompute_text(c),
          row.front,
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

}  // namespace

Table plan_layouts(const search::Plan& plan) {
  std::vector<Row> rows = rows_of(plan);
  mark_front(rows);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.proposal->days.mid < b.proposal->days.mid; });
  Table t{.key = "layouts", .title = "Layouts", .columns = columns(), .main = true};
  // Without limits nobody asks which are broken.
  const bool broken = std::any_of(rows.begin(), rows.end(), [](const Row& r) { return !r.proposal->eligible(); });
  for (Column& c : t.columns) {
    if (c.key == "limits" && !broken) c.title.clear();
  }
  for (std::size_t i = 0; i < rows.size(); ++i) t.rows.push_back(cells_of(rows[i], i));
  return t;
}

}  // namespace sextant::sim::report
