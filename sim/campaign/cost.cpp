// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/cost.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hardware/catalogue.hpp"

namespace sextant::sim {

namespace {

constexpr double hours_per_day = 24;

Band<double> operator+(const Band<double>& a, const Band<double>& b) {
  return {a.low + b.low, a.mid + b.mid, a.high + b.high};
}

/// Errors of the stages come from one model and one machine, so their bands add end to end.
Band<double> sum_of(const std::vector<StageHours>& stages) {
  Band<double> sum;
  for (const StageHours& s : stages) sum = sum + s.gpu_hours;
  return sum;
}

Band<double> paid_for(const Band<double>& trained, const Band<double>& effective) {
  return product(trained, {1 / effective.high, 1 / effective.mid, 1 / effective.low});
}

class Ledger {
 public:
  Ledger(const Campaign& campaign, const CostInputs& in, const CostOptions& options)
      : campaign_(campaign), in_(in), options_(options) {}

  std::optional<CampaignCost> result() {
    for (const Stage& stage : campaign_.stages) out_.stages.push_back(stage_cost(stage, in_.calibration));
    find_main();
    out_.trained = sum_of(out_.stages);
    if (!add_goodput()) return std::nullopt;
    out_.paid = paid_for(out_.trained, out_.effective);
    for (const StageHours& s : out_.stages) out_.days += s.days() / out_.effective.mid;
    add_lines();
    add_rent();
    if (!add_energy_and_ownership()) return std::nullopt;
    name_assumptions();
    return std::move(out_);
  }

 private:
  void find_main() {
    for (std::size_t i = 0; i < out_.stages.size(); ++i) {
      if (out_.stages[i].gpu_hours.mid > out_.stages[out_.main].gpu_hours.mid) out_.main = i;
      out_.gpus = std::max(out_.gpus, out_.stages[i].gpus);
    }
  }

  [[nodiscard]] const Run& main_run() const { return out_.stages[out_.main].run; }

  bool add_goodput() {
    const auto usual = hardware::load_reliability(in_.catalogue, in_.faults);
    if (!usual) return false;
    Run whole = main_run();
    whole.cluster.gpus = out_.stages[out_.main].gpus;
    const Band<double> rates = failure_rates(campaign_.reliability, *usual);
    const auto model = [&](double rate) { return failure_model(whole, campaign_.reliability, *usual, rate); };
    out_.failures = model(rates.mid);
    out_.goodput = goodput(out_.failures);
    out_.effective = {goodput(model(rates.high)).effective, out_.goodput.effective,
                      goodput(model(rates.low)).effective};
    // Long enough that a few thousand failures are met, whatever their rate.
    constexpr double failures = 4000;
    out_.simulated = simulated_goodput(out_.failures, out_.failures.mtbf() * failures, options_.seed);
    return true;
  }

  void add_lines() {
    for (const PublishedLine& p : campaign_.published) {
      LineCost line{p.line, p.gpu_hours, {}, p.explanation, p.source};
      for (std::size_t i = 0; i < campaign_.stages.size(); ++i) {
        if (campaign_.stages[i].line == p.line) line.gpu_hours = line.gpu_hours + out_.stages[i].gpu_hours;
      }
      if (campaign_.hours_are != models::HoursAre::throughput)
        line.gpu_hours = paid_for(line.gpu_hours, out_.effective);
      out_.lines.push_back(std::move(line));
    }
  }

  void add_rent() {
    RentChoice choice = options_.rent;
    choice.units = options_.units;
    if (choice.date.empty()) choice.date = campaign_.date;
    out_.rent = rent_price(in_.prices, main_run().cluster.gpu.id, choice);
    if (out_.rent) out_.rent_usd = product(out_.paid, out_.rent->usd_per_gpu_hour);
  }

  bool add_energy_and_ownership() {
    const auto factors = hardware::load_energy_factors(in_.catalogue, in_.faults);
    std::string id = options_.grid.empty() ? campaign_.grid : options_.grid;
    if (id.empty()) id = "world";
    const auto grid = hardware::find_grid(in_.catalogue, id, in_.faults);
    if (!factors || !grid) return false;
    out_.energy = energy_use(out_.paid, main_run().cluster, *factors, *grid);
    for (const OwnerSetting& setting : list_owner_settings(in_.catalogue, in_.faults)) {
      const auto power = hardware::find_grid(in_.catalogue, setting.grid, in_.faults);
      if (!power) return false;
      auto owned = owned_price(in_.prices, main_run().cluster, setting, *power, *factors, options_.units);
      if (!owned) continue;
      out_.owned_usd.push_back(product(out_.paid, owned->usd_per_gpu_hour));
      out_.owned.push_back(std::move(*owned));
    }
    return true;
  }

  void name_assumptions() {
    for (std::size_t i = 0; i < out_.stages.size(); ++i) {
      const StageHours& cost = out_.stages[i];
      for (const Assumption& a : cost.run.assumptions) add(a);
      if (cost.searched) {
        add({fmt::format("{}: the fastest of {} layouts that fit", campaign_.stages[i].name, cost.considered),
             "the campaign states none"});
      }
      const std::string& because = campaign_.stages[i].uncertain_because;
      if (!because.empty()) add({campaign_.stages[i].name, because});
    }
    if (campaign_.grid.empty() && options_.grid.empty()) add({"power of the world's average grid", "none is stated"});
  }

  void add(const Assumption& a) {
    const bool known = std::any_of(out_.assumptions.begin(), out_.assumptions.end(),
                                   [&](const Assumption& b) { return a.what == b.what && a.why == b.why; });
    if (!known) out_.assumptions.push_back(a);
  }

  const Campaign& campaign_;
  const CostInputs& in_;
  const CostOptions& options_;
  CampaignCost out_;
};

}  // namespace

bool CampaignCost::feasible() const {
  return std::all_of(stages.begin(), stages.end(), [](const StageHours& s) { return s.obstacles.empty(); });
}

std::optional<CampaignCost> campaign_cost(const Campaign& campaign, const CostInputs& inputs,
                                          const CostOptions& options) {
  return Ledger(campaign, inputs, options).result();
}

}  // namespace sextant::sim
