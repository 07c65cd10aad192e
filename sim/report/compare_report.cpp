// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "sim/report/bands.hpp"
#include "sim/report/compare.hpp"
#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"
#include "sim/uncertainty/product.hpp"

namespace sextant::sim::report {

namespace {

constexpr double trillion = 1e12;
constexpr double seconds_per_hour = 3600.0;

struct Row {
  const Compared* c = nullptr;
  double speed = 0;        ///< tokens/s/GPU over the first row's
  Band<double> gpu_hours;  ///< per trillion tokens
  std::optional<Band<double>> price;
  std::optional<Band<double>> cost;  ///< per trillion tokens
  std::vector<std::string> reasons;
};

Row row_of(const Compared& c, const Compared& first) {
  Row row;
  row.c = &c;
  row.reasons = c.faults;
  if (!c.prediction) return row;
  const Prediction& p = *c.prediction;
  for (const Infeasible& o : p.obstacles) row.reasons.push_back(o.reason + (o.hint.empty() ? "" : "; " + o.hint));
  const double rate = p.efficiency.tokens_per_s_per_gpu;
  if (first.prediction) row.speed = rate / first.prediction->efficiency.tokens_per_s_per_gpu;
  const double hours = trillion / rate / seconds_per_hour;
  row.gpu_hours = {hours * (p.band.low / p.step.time), hours, hours * (p.band.high / p.step.time)};
  if (c.price) {
    row.price = c.price->price.map([](GpuPrice v) { return v.value() * seconds_per_hour; });
    row.cost = product(row.gpu_hours, *row.price);
  }
  return row;
}

void band_cells(std::vector<Cell>& cells, const std::optional<Band<double>>& band) {
  for (int i = 0; i < 3; ++i) {
    if (!band) {
      cells.emplace_back();
    } else {
      cells.emplace_back(i == 0 ? band->low : i == 1 ? band->mid : band->high);
    }
  }
}

Table programs_table(const std::vector<Row>& rows) {
  Table t{.key = "rows",
          .columns = {{"gpu", "", Unit::text},
                      {"gpus", "", Unit::count},
                      {"feasible", "", Unit::text},
                      {"reasons", "", Unit::text},
                      {"precision", "", Unit::text},
                      {"step_time_s", "", Unit::seconds},
                      {"step_time_low_s", "", Unit::seconds},
                      {"step_time_high_s", "", Unit::seconds},
                      {"tokens_per_s_per_gpu", "", Unit::tokens_per_s},
                      {"speed_relative", "", Unit::number},
                      {"mfu", "", Unit::share},
                      {"memory_gb/total", "", Unit::gigabytes},
                      {"memory_gb/capacity", "", Unit::gigabytes},
                      {"gpu_hours_per_trillion_tokens/low", "", Unit::gpu_hours},
                      {"gpu_hours_per_trillion_tokens/mid", "", Unit::gpu_hours},
                      {"gpu_hours_per_trillion_tokens/high", "", Unit::gpu_hours},
                      {"usd_per_gpu_hour/low", "", Unit::usd_per_gpu_hour},
                      {"usd_per_gpu_hour/mid", "", Unit::usd_per_gpu_hour},
                      {"usd_per_gpu_hour/high", "", Unit::usd_per_gpu_hour},
                      {"cost_usd_per_trillion_tokens/low", "", Unit::usd},
                      {"cost_usd_per_trillion_tokens/mid", "", Unit::usd},
                      {"cost_usd_per_trillion_tokens/high", "", Unit::usd},
                      {"price_basis", "", Unit::text},
                      {"notes", "", Unit::text}},
          .audience = Audience::programs,
          .main = true};
  for (const Row& r : rows) {
    std::vector<Cell>& cells = t.rows.emplace_back();
    cells.emplace_back(r.c->gpu);
    cells.emplace_back(static_cast<double>(r.c->gpus));
    cells.emplace_back(r.reasons.empty());
    cells.emplace_back(r.reasons);
    if (!r.c->prediction) continue;
    const Prediction& p = *r.c->prediction;
    cells.emplace_back(std::string(name_of(r.c->precision)));
    for (const double v : {p.step.time.value(), p.band.low.value(), p.band.high.value(),
                           p.efficiency.tokens_per_s_per_gpu, r.speed, p.efficiency.mfu, p.memory.total() / memory_gb,
                           p.memory.capacity / memory_gb, r.gpu_hours.low, r.gpu_hours.mid, r.gpu_hours.high}) {
      cells.emplace_back(v);
    }
    band_cells(cells, r.price);
    band_cells(cells, r.cost);
    cells.emplace_back(r.c->price ? r.c->price->basis() : std::string("no rental price in the catalogue"));
    cells.emplace_back(r.c->notes);
  }
  return t;
}

Table speed_table(const std::vector<Row>& rows) {
  Table t{.columns = {{"", "GPU", Unit::text},
                      {"", "step", Unit::seconds},
                      {"", "80 % band", Unit::text},
                      {"", "tokens/s/GPU", Unit::count},
                      {"", "speed", Unit::text},
                      {"", "MFU", Unit::share},
                      {"", "memory", Unit::share}},
          .audience = Audience::people};
  for (const Row& r : rows) {
    std::vector<Cell>& cells = t.rows.emplace_back();
    cells.emplace_back(r.c->gpu);
    if (!r.c->prediction) continue;
    const Prediction& p = *r.c->prediction;
    cells.emplace_back(p.step.time.value());
    cells.emplace_back(
        format(Band<double>{p.band.low.value(), p.band.mid.value(), p.band.high.value()}, Unit::seconds));
    cells.emplace_back(p.efficiency.tokens_per_s_per_gpu);
    cells.emplace_back(fmt::format("{:.2f} x", r.speed));
    cells.emplace_back(p.efficiency.mfu);
    cells.emplace_back(p.memory.total() / p.memory.capacity);
  }
  return t;
}

Table money_table(const std::vector<Row>& rows) {
  Table t{.title = "A trillion tokens, rented",
          .columns = {{"", "GPU", Unit::text},
                      {"", "GPU-hours", Unit::count},
                      {"", "$/GPU-hour", Unit::text},
                      {"", "cost", Unit::usd},
                      {"", "80 % band", Unit::text}},
          .audience = Audience::people};
  for (const Row& r : rows) {
    if (!r.c->prediction) continue;
    std::vector<Cell>& cells = t.rows.emplace_back();
    cells.emplace_back(r.c->gpu);
    // Three digits: the band supports no more.
    const double unit = std::pow(10.0, std::floor(std::log10(r.gpu_hours.mid)) - 2);
    cells.emplace_back(std::round(r.gpu_hours.mid / unit) * unit);
    cells.emplace_back(r.price ? format(*r.price, Unit::usd_per_gpu_hour) : std::string("no price known"));
    if (!r.cost) continue;
    cells.emplace_back(r.cost->mid);
    cells.emplace_back(format(*r.cost, Unit::usd));
  }
  return t;
}

List remarks(const std::vector<Row>& rows) {
  List list{.title = "Notes", .audience = Audience::people};
  for (const Row& r : rows) {
    for (const std::string& reason : r.reasons) list.points.push_back(r.c->gpu + " infeasible: " + reason);
    for (const std::string& note : r.c->notes) list.points.push_back(r.c->gpu + ": " + note);
    if (r.c->prediction && r.c->price) list.points.push_back(r.c->gpu + ": price " + r.c->price->basis());
  }
  return list;
}

}  // namespace

Report compare_report(const Run& run, const std::vector<Compared>& compared) {
  std::vector<Row> rows;
  for (const Compared& c : compared) rows.push_back(row_of(c, compared.front()));
  Report r;
  r.format = "sextant/compare/1";
  r.title = fmt::format("{} on other hardware", run_title(run));
  r.subtitle =
      fmt::format("{}, {} x {} tokens a step; the same layout, {}", layout_text(run),
                  grouped(run.batch.global_sequences), grouped(run.batch.seq_len), recompute_text(run.recompute));
  r.add(Fact{.key = "model", .value = run.name});
  r.add(Figure{.key = "gpus", .value = static_cast<double>(run.cluster.gpus), .unit = Unit::count});
  r.add(programs_table(rows)).add(speed_table(rows)).add(money_table(rows)).add(remarks(rows));
  return r;
}

}  // namespace sextant::sim::report
