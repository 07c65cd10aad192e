// SPDX-License-Identifier: Apache-2.0
#include "sim/report/headline.hpp"

#include <fmt/format.h>

#include "sim/report/bands.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

constexpr double trillion = 1e12;
constexpr double seconds_per_hour = 3600.0;
constexpr double hours_per_day = 24.0;

/// kW that one GPU's share of a node and of the network draws, with the building's overhead. The formula is
/// hardware/energy.hpp's.
std::optional<Band<double>> power(const HeadlineInputs& in) {
  if (!in.factors) return std::nullopt;
  const hardware::Cluster& c = in.run.cluster;
  const hardware::EnergyFactors& f = *in.factors;
  const double node_w = c.node_power.value() / std::max(1, c.gpus_per_node);
  const double rated = node_w > 0 ? node_w : c.gpu.tdp.value() * f.node_overhead;
  return f.training_power_fraction.map(
      [&](double share) { return rated / 1000.0 * share * (1.0 + f.network_power_share) * f.pue; });
}

std::optional<Band<double>> price(const HeadlineInputs& in) {
  if (in.goal.usd_per_gpu_hour) {
    const double p = *in.goal.usd_per_gpu_hour;
    return Band<double>{p, p, p};
  }
  if (!in.price) return std::nullopt;
  return in.price->price.map([](GpuPrice p) { return p.value() * seconds_per_hour; });
}

Figure figure(std::string key, std::string label, const Band<double>& band, Unit unit, std::string note) {
  Figure f{.key = std::move(key), .label = std::move(label), .value = band.mid, .unit = unit, .band = band};
  f.band_key = f.key + "_band";
  f.note = std::move(note);
  return f;
}

void limits(Report& r, const HeadlineInputs& in, const HeadlineNumbers& n) {
  for (const Infeasible& o : in.prediction.obstacles) {
    r.add(Verdict{"Infeasible: " + o.reason + (o.hint.empty() ? "." : ". Nearest change: " + o.hint + "."),
                  Verdict::Mood::bad});
  }
  const auto limit = [&](const Band<double>& have, double most, Unit unit, std::string_view what) {
    const std::string allowed = format(most, unit, in.units);
    if (have.mid > most) {
      r.add(Verdict{
          fmt::format("{} {}: {} allowed, {} predicted.", "Over the", what, allowed, format(have.mid, unit, in.units)),
          Verdict::Mood::bad});
    } else if (have.high > most) {
      r.add(Verdict{fmt::format("Within the {} of {}, but not at the upper end of the band ({}).", what, allowed,
                                format(have.high, unit, in.units)),
                    Verdict::Mood::neutral});
    } else {
      r.add(Verdict{fmt::format("Within the {} of {}, at the upper end of the band too.", what, allowed),
                    Verdict::Mood::good});
    }
  };
  if (in.goal.deadline_days) limit(n.days, *in.goal.deadline_days, Unit::days, "deadline");
  if (in.goal.budget_usd && n.cost_usd) limit(*n.cost_usd, *in.goal.budget_usd, Unit::usd, "budget");
}

}  // namespace

HeadlineNumbers headline_numbers(const HeadlineInputs& in) {
  const Prediction& p = in.prediction;
  HeadlineNumbers n;
  n.tokens_stated = in.goal.tokens.has_value();
  n.tokens = in.goal.tokens.value_or(trillion);
  const double hours = n.tokens / p.efficiency.tokens_per_s_per_gpu / seconds_per_hour;
  n.gpu_hours = with_time(hours, p.band, p.step.time);
  n.days = with_time(hours / in.run.cluster.gpus / hours_per_day, p.band, p.step.time);
  n.usd_per_gpu_hour = price(in);
  if (n.usd_per_gpu_hour) n.cost_usd = product(n.gpu_hours, *n.usd_per_gpu_hour);
  n.kw_per_gpu = power(in);
  if (n.kw_per_gpu) n.energy_kwh = product(n.gpu_hours, *n.kw_per_gpu);
  n.headroom_gb = (p.memory.capacity - p.memory.total()) / memory_gb;
  return n;
}

Report headline_report(const HeadlineInputs& in) {
  const Prediction& p = in.prediction;
  const HeadlineNumbers n = headline_numbers(in);
  const std::string of = n.tokens_stated ? "for " + format(n.tokens, Unit::tokens) : "for each trillion tokens";
  Report r;
  r.format = "sextant/headline/1";
  r.title = run_title(in.run);
  r.subtitle = layout_text(in.run);
  limits(r, in, n);
  r.add(figure("days", "Time", n.days, Unit::days, of));
  r.add(figure("gpu_hours", "GPU-hours", n.gpu_hours, Unit::gpu_hours, of));
  if (n.cost_usd) {
    const std::string at = in.goal.usd_per_gpu_hour ? "the run's price" : in.price->basis();
    r.add(figure(
        "cost_usd", "Cost", *n.cost_usd, Unit::usd,
        fmt::format("at {} a GPU-hour, {}", format(n.usd_per_gpu_hour->mid, Unit::usd_per_gpu_hour, in.units), at)));
  }
  r.add(figure("mfu", "MFU", against_time(p.efficiency.mfu, p.band, p.step.time), Unit::share,
               fmt::format("{:.0f} of {:.0f} TFLOP/s a GPU", p.efficiency.model_rate.value() / 1e12,
                           p.efficiency.peak.value() / 1e12)));
  r.add(Figure{
      .key = "memory_headroom_gb",
      .label = "Memory left",
      .value = n.headroom_gb,
      .unit = Unit::gigabytes,
      .note = fmt::format("{} of {} used, pipeline rank {}", format(p.memory.total() / memory_gb, Unit::gigabytes),
                          format(p.memory.capacity / memory_gb, Unit::gigabytes), p.memory.worst)});
  if (n.energy_kwh) r.add(figure("energy_kwh", "Energy", *n.energy_kwh, Unit::kilowatt_hours, "cooling included"));
  r.add(figure("step_time_s", "Step time", {p.band.low.value(), p.step.time.value(), p.band.high.value()},
               Unit::seconds,
               fmt::format("{} x {} tokens", grouped(in.run.batch.global_sequences), grouped(in.run.batch.seq_len))));
  r.add(figure("tokens_per_s_per_gpu", "Throughput",
               against_time(p.efficiency.tokens_per_s_per_gpu, p.band, p.step.time), Unit::tokens_per_s, "of one GPU"));
  return in_units(std::move(r), in.units);
}

}  // namespace sextant::sim::report
