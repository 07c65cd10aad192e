// SPDX-License-Identifier: Apache-2.0
#include "sim/report/proposal_rows.hpp"

#include <fmt/format.h>

#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"
#include "sim/run/run_writer.hpp"

namespace sextant::sim::report {

namespace {

using search::Proposal;
using search::Question;

double gb(Bytes b) { return b / memory_gb; }

Band<double> plain(const Band<Seconds>& b) { return {b.low.value(), b.mid.value(), b.high.value()}; }

/// Short enough for a table: "tp2 pp4 ep256 dp256 dualpipe mb1".
std::string short_layout(const Question& q, const Run& run) {
  const Parallelism& p = run.parallelism;
  std::string out;
  const auto degree = [&out](std::string_view name, int n, bool always = false) {
    if (n > 1 || always) out += fmt::format("{}{}{}", out.empty() ? "" : " ", name, n);
  };
  degree("tp", p.tp);
  degree("pp", p.pp);
  degree("vp", p.vp);
  degree("cp", p.cp);
  degree("ep", p.ep);
  degree("etp", p.etp);
  degree("dp", p.dp, true);
  degree("mb", run.batch.micro_sequences);
  if (p.pp > 1) out += fmt::format(" {}", name_of(p.schedule));
  if (p.sharding != Sharding::none) out += fmt::format(" {}", name_of(p.sharding));
  if (q.freedom.precisions.size() > 1) out += fmt::format(" {}", name_of(run.precision));
  return out;
}

std::string remark(const Proposal& p) {
  return p.eligible() ? "" : p.in_time ? " (too dear)" : p.affordable ? " (late)" : " (late, too dear)";
}

Embedded run_of(const Question& q, const Proposal& p) { return {run_json(p.run, q.model, q.features)}; }

}  // namespace

std::string short_count(double value) {
  if (value >= 1e6) return fmt::format("{:.3g} M", value / 1e6);
  if (value >= 1e4) return fmt::format("{:.3g} K", value / 1e3);
  return grouped(value);
}

std::string choice_text(const Run& run) {
  return fmt::format("{}; micro-batches of {}; {}; {}", layout_text(run), run.batch.micro_sequences,
                     recompute_text(run.recompute), name_of(run.precision));
}

void add_best(Report& r, const Question& q, const Proposal& p) {
  const Prediction& e = p.prediction;
  r.add(Document{"best/run", run_of(q, p)});
  r.add(Fact{.key = "best/layout", .label = "layout", .value = choice_text(p.run)});
  r.add(Figure{.key = "best/days",
               .label = "wall time",
               .value = p.days.mid,
               .unit = Unit::days,
               .band = p.days,
               .band_key = "best/days_band"});
  r.add(Figure{.key = "best/gpu_hours",
               .label = "GPU-hours",
               .value = p.gpu_hours.mid,
               .unit = Unit::count,
               .band = p.gpu_hours,
               .band_key = "best/gpu_hours_band"});
  if (p.cost_usd) {
    r.add(
        Figure{.label = "cost",
               .value = p.cost_usd->mid,
               .unit = Unit::usd,
               .band = p.cost_usd,
               .note = fmt::format("at {} a GPU-hour", format(q.price->usd_per_gpu_hour.mid, Unit::usd_per_gpu_hour))});
    for (const auto& [key, value] :
         {std::pair{"low", p.cost_usd->low}, {"mid", p.cost_usd->mid}, {"high", p.cost_usd->high}}) {
      r.add(Figure{.key = fmt::format("best/cost_usd/{}", key),
                   .value = value,
                   .unit = Unit::usd,
                   .audience = Audience::programs});
    }
    r.add(Fact{.key = "best/price_basis", .label = "price", .value = q.price->basis});
  }
  r.add(Figure{.key = "best/step_time_s",
               .label = "step time",
               .value = e.step.time.value(),
               .unit = Unit::seconds,
               .band = plain(e.band),
               .band_key = "best/step_time_band_s"});
  r.add(Figure{.key = "best/tokens_per_s_per_gpu",
               .label = "throughput per GPU",
               .value = e.efficiency.tokens_per_s_per_gpu,
               .unit = Unit::tokens_per_s});
  r.add(Figure{.key = "best/mfu",
               .label = "MFU",
               .value = e.efficiency.mfu,
               .unit = Unit::share,
               .note = fmt::format("{:.0f} of {:.0f} TFLOP/s", e.efficiency.model_rate.value() / 1e12,
                                   e.efficiency.peak.value() / 1e12)});
  r.add(Figure{.key = "best/hfu", .value = e.efficiency.hfu, .unit = Unit::share});
  r.add(Figure{.key = "best/memory_gb/total",
               .label = "memory",
               .value = gb(e.memory.total()),
               .unit = Unit::gigabytes,
               .note = fmt::format("of {:.1f} GB; {:.1f} GB free", gb(e.memory.capacity), gb(p.headroom))});
  r.add(Figure{.key = "best/memory_gb/capacity", .value = gb(e.memory.capacity), .unit = Unit::gigabytes});
  r.add(Figure{.key = "best/memory_gb/free", .value = gb(p.headroom), .unit = Unit::gigabytes});
}

Table proposal_table(const Question& q, const std::vector<const Proposal*>& proposals, std::string title, bool limits) {
  const bool priced = q.price.has_value();
  Table t{.title = std::move(title),
          .columns = {{"gpus", "GPUs", Unit::count},
                      {"days", "days", Unit::number},
                      {"", priced ? "cost" : "GPU-hours", priced ? Unit::usd : Unit::count},
                      {"mfu", "MFU", Unit::share},
                      {"memory_gb/free", "free", Unit::gigabytes},
                      {"", "layout", Unit::text},
                      {"layout", "", Unit::text},
                      {"recompute", "", Unit::text},
                      {"step_time_s", "", Unit::seconds},
                      {"step_time_low_s", "", Unit::seconds},
                      {"step_time_high_s", "", Unit::seconds},
                      {"days_low", "", Unit::days},
                      {"days_high", "", Unit::days},
                      {"gpu_hours", "", Unit::gpu_hours},
                      {"cost_usd/low", "", Unit::usd},
                      {"cost_usd/mid", "", Unit::usd},
                      {"cost_usd/high", "", Unit::usd},
                      {"tokens_per_s_per_gpu", "", Unit::tokens_per_s},
                      {"memory_gb/total", "", Unit::gigabytes},
                      {"within_deadline", "", Unit::text},
                      {"within_budget", "", Unit::text},
                      {"run", "", Unit::text}}};
  for (const Proposal* p : proposals) {
    const Prediction& e = p->prediction;
    const auto cost = [&](double Band<double>::*end) { return p->cost_usd ? Cell{(*p->cost_usd).*end} : Cell{}; };
    t.rows.push_back({static_cast<double>(p->run.cluster.gpus),
                      p->days.mid,
                      priced ? cost(&Band<double>::mid) : Cell{p->gpu_hours.mid},
                      e.efficiency.mfu,
                      gb(p->headroom),
                      short_layout(q, p->run) + (limits ? remark(*p) : ""),
                      short_layout(q, p->run),
                      recompute_text(p->run.recompute),
                      e.step.time.value(),
                      e.band.low.value(),
                      e.band.high.value(),
                      p->days.low,
                      p->days.high,
                      p->gpu_hours.mid,
                      cost(&Band<double>::low),
                      cost(&Band<double>::mid),
                      cost(&Band<double>::high),
                      e.efficiency.tokens_per_s_per_gpu,
                      gb(e.memory.total()),
                      p->in_time,
                      p->affordable,
                      run_of(q, *p)});
  }
  return t;
}

Table nearest_table(const Question& q, const std::vector<search::NearestChange>& nearest) {
  Table t{.key = "nearest",
          .columns = {{"change", "", Unit::text},
                      {"days", "", Unit::days},
                      {"gpu_hours", "", Unit::gpu_hours},
                      {"cost_usd/mid", "", Unit::usd},
                      {"run", "", Unit::text}},
          .audience = Audience::programs};
  for (const search::NearestChange& n : nearest) {
    if (!n.then) {
      t.rows.push_back({n.what});
      continue;
    }
    t.rows.push_back({n.what, n.then->days.mid, n.then->gpu_hours.mid,
                      n.then->cost_usd ? Cell{n.then->cost_usd->mid} : Cell{}, run_of(q, *n.then)});
  }
  return t;
}

}  // namespace sextant::sim::report
