// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "sim/report/explain.hpp"
#include "sim/report/headline.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

struct Row {
  std::string_view key;
  std::string_view title;
  std::string_view formula;
};

constexpr std::array<Row, 8> rows{{
    {"days", "time of the run", "tokens / (tokens/s of one GPU x GPUs); steps only, no failures or restarts"},
    {"gpu_hours", "GPU-hours", "tokens / tokens/s of one GPU"},
    {"cost_usd", "cost", "GPU-hours x price of a GPU-hour; the bands' widths add in squares"},
    {"mfu", "model FLOPs utilisation",
     "model FLOPs of a token x tokens/s of one GPU / dense 16-bit peak; causal "
     "attention, nothing counted twice for recompute"},
    {"memory_headroom_gb", "memory left on the fullest GPU",
     "what the driver shows of the GPU - sum of the memory terms"},
    {"energy_kwh", "energy",
     "GPU-hours x rated node power / GPUs a node x share of the rating that training draws x "
     "(1 + network's share) x PUE"},
    {"step_time_s", "time of one step", "sum of the step's terms"},
    {"tokens_per_s_per_gpu", "throughput of one GPU", "tokens of a step / (step time x GPUs)"},
}};

const Row* row_of(std::string_view key) {
  for (const Row& row : rows) {
    if (row.key == key) return &row;
  }
  return nullptr;
}

class Builder {
 public:
  Builder(const HeadlineInputs& in, std::string_view key) : in_(in), key_(key), n_(headline_numbers(in)) {}

  Report build() {
    const Row& row = *row_of(key_);
    Report r;
    r.format = "sextant/explain/1";
    r.title = std::string(row.title);
    r.subtitle = fmt::format("{}; {}", run_title(in_.run), layout_text(in_.run));
    r.add(Fact{.key = "tag", .value = std::string(key_)});
    for (const Item& item : headline_report(in_).items) {
      const auto* f = std::get_if<Figure>(&item);
      if (f == nullptr || f->key != key_) continue;
      Figure copy = *f;
      copy.key = "value";
      copy.label = "value";
      r.add(std::move(copy));
    }
    r.add(Fact{"formula", "formula", std::string(row.formula)});
    inputs();
    r.add(input_table(list_));
    prices(r);
    r.add(
        List{.key = "band_reasons", .title = "Why the band is this wide", .points = in_.prediction.uncertainty.why()});
    return r;
  }

 private:
  void add(Input i) {
    i.value *= shown_factor(i.unit, in_.units);
    i.unit = shown_unit(i.unit, in_.units);
    list_.push_back(std::move(i));
  }

  void throughput() {
    add({"tokens/s of one GPU", in_.prediction.efficiency.tokens_per_s_per_gpu, Unit::tokens_per_s, "predicted"});
  }

  void inputs() {
    const hardware::Accelerator& gpu = in_.run.cluster.gpu;
    const Prediction& p = in_.prediction;
    if (key_ == "days" || key_ == "gpu_hours") {
      add({"tokens", n_.tokens, Unit::tokens, n_.tokens_stated ? "the run's goal" : "the run states no goal"});
      throughput();
      if (key_ == "days") add({"GPUs", static_cast<double>(in_.run.cluster.gpus), Unit::count});
    } else if (key_ == "cost_usd") {
      add({"GPU-hours", n_.gpu_hours.mid, Unit::gpu_hours, format(n_.gpu_hours, Unit::gpu_hours)});
      if (n_.usd_per_gpu_hour) {
        const double factor = shown_factor(Unit::usd_per_gpu_hour, in_.units);
        const Band<double> shown = n_.usd_per_gpu_hour->map([factor](double v) { return v * factor; });
        add({"price of a GPU-hour", n_.usd_per_gpu_hour->mid, Unit::usd_per_gpu_hour,
             in_.goal.usd_per_gpu_hour ? "the run's goal"
                                       : format(shown, shown_unit(Unit::usd_per_gpu_hour, in_.units))});
      }
    } else if (key_ == "mfu") {
      add({"model FLOPs of a token", p.efficiency.flops_per_token.model.value(), Unit::flop});
      throughput();
      add({"dense 16-bit peak", p.efficiency.peak.value(), Unit::flop_per_s, "", gpu.source_of("bf16_flop_per_s")});
    } else if (key_ == "memory_headroom_gb") {
      add({"capacity", p.memory.capacity / memory_gb, Unit::gigabytes, "", gpu.source_of("memory_mib")});
      add({"needed", p.memory.total() / memory_gb, Unit::gigabytes, fmt::format("pipeline rank {}", p.memory.worst)});
    } else if (key_ == "energy_kwh") {
      energy();
    } else {
      add({"step time", p.step.time.value(), Unit::seconds});
      add({"GPUs", static_cast<double>(in_.run.cluster.gpus), Unit::count});
      add({"sequences a step", static_cast<double>(in_.run.batch.global_sequences), Unit::count});
      add({"tokens a sequence", static_cast<double>(in_.run.batch.seq_len), Unit::count});
    }
  }

  void energy() {
    add({"GPU-hours", n_.gpu_hours.mid, Unit::gpu_hours, format(n_.gpu_hours, Unit::gpu_hours)});
    if (!in_.factors) return;
    const hardware::EnergyFactors& f = *in_.factors;
    const hardware::Cluster& c = in_.run.cluster;
    add({"rated power of a node", c.node_power.value(), Unit::watts, fmt::format("{} GPUs", c.gpus_per_node)});
    add({"share drawn in training", f.training_power_fraction.mid, Unit::share, "", &f.source});
    add({"network's share", f.network_power_share, Unit::share, "of the nodes' power", &f.source});
    add({"PUE", f.pue, Unit::number, "cooling and conversion", &f.source});
  }

  void prices(Report& r) const {
    if (key_ != "cost_usd" || in_.goal.usd_per_gpu_hour || !in_.price) return;
    Table t{.key = "prices",
            .title = "Prices it rests on",
            .columns = {{"provider", "provider", Unit::text},
                        {"usd_per_gpu_hour", "a GPU-hour", Unit::usd_per_gpu_hour},
                        {"date", "date", Unit::text},
                        {"source", "source", Unit::text}}};
    for (const hardware::PriceRow* p : in_.price->rows) {
      t.rows.push_back({p->provider, p->price.value() * 3600.0, p->date, p->source.title});
    }
    r.add(std::move(t));
  }

  const HeadlineInputs& in_;
  std::string_view key_;
  HeadlineNumbers n_;
  std::vector<Input> list_;
};

}  // namespace

bool explains_headline(std::string_view key) { return row_of(key) != nullptr; }

Report explain_headline(const HeadlineInputs& in, std::string_view key) {
  return row_of(key) == nullptr ? Report{} : Builder(in, key).build();
}

}  // namespace sextant::sim::report
