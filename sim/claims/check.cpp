// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/claims/physics.hpp"
#include "sim/claims/rent.hpp"

namespace sextant::sim {

namespace {

using models::Claim;

constexpr double seconds_per_hour = 3600;
constexpr double percent = 100;

double gpus_of(const Claim& claim) {
  if (claim.hardware.gpus) return *claim.hardware.gpus;
  return claim.claimed.gpus.value_or(0);
}

std::string title_of(const Claim& claim) {
  std::string text = claim.model.name;
  const double gpus = gpus_of(claim);
  if (gpus > 0) {
    text += fmt::format(" on {} x {}", hours_text(gpus), claim.hardware.gpu.empty() ? "GPU" : claim.hardware.gpu);
  } else if (!claim.hardware.gpu.empty()) {
    text += " on " + claim.hardware.gpu;
  }
  return text + ", " + std::string(models::name(claim.stage));
}

class Checker {
 public:
  Checker(const Claim& claim, const SimulationInputs& in, const hardware::Prices& prices, const CheckOptions& options)
      : claim_(claim), in_(in), prices_(prices), options_(options), subject_(subject_of(claim, in.catalogue)) {}

  Check result() {
    out_.id = claim_.id;
    out_.publisher = claim_.publisher;
    out_.what = title_of(claim_);
    out_.source = claim_.source;
    out_.simulated = simulate_claim(claim_, in_);
    out_.floor_hours = out_.simulated.floor_hours;
    price();
    context_.flops_per_token = subject_.flops_per_token;
    context_.peak_flop_per_s = subject_.gpu ? sixteen_bit_peak(*subject_.gpu).value() : 0;
    context_.units = options_.units;
    context_.usd_per_gpu_hour = rent_ ? std::optional(rent_->price) : std::nullopt;
    out_.claimed = claimed_hours(claim_, context_);
    decide();
    imply();
    cost();
    explain();
    out_.scope = scope_of(claim_);
    neighbours();
    for (const std::string& gpu : options_.elsewhere) elsewhere(gpu);
    return std::move(out_);
  }

 private:
  void add(Reason::Kind kind, std::string text) { out_.reasons.push_back({kind, std::move(text)}); }

  void price() {
    if (subject_.gpu) rent_ = rent_near(prices_, subject_.gpu->id, claim_.source.date);
  }

  void decide() {
    const std::vector<ArithmeticCheck> checks = check_arithmetic(claim_, context_);
    bool contradicts = false;
    for (const ArithmeticCheck& c : checks) {
      contradicts = contradicts || c.contradicts;
      add(Reason::Kind::arithmetic, c.text);
    }
    // Figures that were never read in a source cannot refute the claim: the memory of them may be wrong.
    hearsay_ = contradicts && claim_.source.trust == Trust::assumed;
    VerdictBasis basis;
    basis.contradicts_itself = contradicts && !hearsay_;
    if (out_.claimed) basis.claimed = out_.claimed->range;
    basis.floor = out_.floor_hours;
    if (out_.simulated.gpu_hours) {
      basis.simulated = HoursRange{out_.simulated.gpu_hours->low, out_.simulated.gpu_hours->high};
    }
    // Of figures that disagree the most favourable reading decides, as of a range.
    if (hearsay_ && out_.claimed) {
      for (const double hours : other_readings()) {
        basis.claimed->low = std::min(basis.claimed->low, hours);
        basis.claimed->high = std::max(basis.claimed->high, hours);
      }
      out_.claimed->range = *basis.claimed;
      out_.claimed->mid = basis.claimed->high;
      out_.claimed->how += "; the most favourable of readings that disagree";
    }
    out_.verdict = verdict_of(basis);
    out_.missing = out_.simulated.missing;
    if (!out_.claimed) out_.missing.insert(out_.missing.begin(), "GPU-hours, or figures they follow from");
  }

  /// GPU-hours that the claim's other figures come to.
  [[nodiscard]] std::vector<double> other_readings() const {
    constexpr double hours_per_day = 24;
    std::vector<double> hours;
    const double gpus = gpus_of(claim_);
    if (claim_.claimed.days && gpus > 0) hours.push_back(*claim_.claimed.days * hours_per_day * gpus);
    if (claim_.claimed.gpu_hours) hours.push_back(*claim_.claimed.gpu_hours);
    return hours;
  }

  void imply() {
    const SimulatedClaim& s = out_.simulated;
    if (!out_.claimed) return;
    const double hours = out_.claimed->mid - s.stated_hours;
    if (!(hours > 0)) return;
    Implied& implied = out_.implied;
    if (context_.peak_flop_per_s > 0) implied.mfu = s.flops / (hours * seconds_per_hour * context_.peak_flop_per_s);
    if (!(s.tokens > 0)) return;
    implied.tokens_per_s_per_gpu = s.tokens / (hours * seconds_per_hour);
    const double batch = batch_tokens();
    const double gpus = gpus_of(claim_);
    if (batch > 0 && gpus > 0) implied.step_time_s = batch / (implied.tokens_per_s_per_gpu * gpus);
  }

  /// Tokens of the batch of the longest simulated stage, else the stated one.
  [[nodiscard]] double batch_tokens() const {
    if (claim_.batch_tokens) return *claim_.batch_tokens;
    double most = 0;
    double batch = 0;
    for (const StageRow& row : out_.simulated.rows) {
      if (!row.simulation || row.tokens <= most) continue;
      most = row.tokens;
      batch = static_cast<double>(row.simulation->typical.batch.global_sequences) * row.seq_len;
    }
    return batch;
  }

  void cost() {
    const auto& f = claim_.claimed;
    const auto price = f.usd_per_gpu_hour ? f.usd_per_gpu_hour : f.usd_per_gpu_hour_implied;
    if (f.cost_usd) {
      out_.claimed_cost_usd = f.cost_usd;
    } else if (price && out_.claimed) {
      out_.claimed_cost_usd = out_.claimed->mid * *price;
    }
    if (!out_.simulated.gpu_hours) return;
    if (price) {
      out_.cost_usd = out_.simulated.gpu_hours->map([&](double h) { return h * *price; });
      out_.price_basis = fmt::format("the claim's {} a GPU-hour", money_text(*price, 2, options_.units));
    } else if (rent_) {
      out_.cost_usd = cost_of(*out_.simulated.gpu_hours, rent_->price);
      out_.price_basis = rent_->basis;
    }
  }

  void explain() {
    explain_physics();
    explain_simulation();
    explain_scope();
    std::stable_sort(out_.reasons.begin(), out_.reasons.end(),
                     [](const Reason& a, const Reason& b) { return a.kind < b.kind; });
  }

  void explain_physics() {
    if (!(out_.floor_hours > 0)) return;
    const auto precision = stated_precision(claim_);
    const FlopRate peak = precision ? dense_peak(*subject_.gpu, *precision) : fastest_peak(*subject_.gpu);
    const double tokens = out_.simulated.tokens;
    std::string text = fmt::format(
        "{:.2e} FLOPs{} take {} GPU-hours at 100 % of the {}'s dense peak ({:.0f} TFLOP/s{})", out_.simulated.flops,
        tokens > 0 ? fmt::format(" for {:.4g} T tokens", tokens / 1e12) : "", hours_text(out_.floor_hours),
        subject_.gpu->id, peak.value() / 1e12, precision ? " in " + claim_.precision : ", its fastest format");
    if (out_.claimed) {
      const double ratio = out_.claimed->range.high / out_.floor_hours;
      text += ratio < 1 ? fmt::format("; {} are claimed, which is below what any run can reach",
                                      hours_text(out_.claimed->range.high))
                        : fmt::format("; {} are claimed, {:.1f} times that", hours_text(out_.claimed->mid),
                                      out_.claimed->mid / out_.floor_hours);
    }
    add(Reason::Kind::physics, std::move(text));
    if (!(out_.implied.mfu > 0)) return;
    const double rate = out_.implied.tokens_per_s_per_gpu;
    add(Reason::Kind::physics,
        fmt::format("the claimed hours mean {:.1f} % of the dense 16-bit peak (MFU){}", percent * out_.implied.mfu,
                    rate > 0 ? fmt::format(" and {:.0f} tokens/s/GPU", rate) : ""));
  }

  void explain_simulation() {
    const SimulatedClaim& s = out_.simulated;
    if (!s.gpu_hours) return;
    const Band<double>& band = *s.gpu_hours;
    std::string text = fmt::format("the simulator finds {} GPU-hours, {} to {} (95 %) over {} layouts",
                                   hours_text(band.mid), hours_text(band.low), hours_text(band.high), s.considered);
    if (out_.claimed) text += position(band);
    add(Reason::Kind::simulation, std::move(text));
    const double gpus = gpus_of(claim_);
    if (gpus > 0) {
      const double days = band.mid / gpus / hours_a_day;
      add(Reason::Kind::simulation, fmt::format("on {} GPUs that is {}", hours_text(gpus),
                                                days_text(days, fmt::format("{:.3g}", days), options_.units)));
    }
    switch (claim_.hours_are) {
      case models::HoursAre::throughput:
        add(Reason::Kind::simulation,
            "the claimed hours are tokens over throughput, so nothing is added for interruptions");
        break;
      case models::HoursAre::bill:
        add(Reason::Kind::simulation,
            "the claimed hours are a bill, so 2 to 25 % are added for interruptions and restarts");
        break;
      case models::HoursAre::unknown:
        add(Reason::Kind::simulation, "whether the claimed hours hold interruptions is not said: 0 to 25 % are added");
        break;
    }
    for (const StageRow& row : s.rows) explain_layout(row);
  }

  [[nodiscard]] std::string position(const Band<double>& band) const {
    const HoursRange& c = out_.claimed->range;
    if (c.high < band.low) {
      return fmt::format("; the claim is {} short of the lower end ({:.0f} %)", hours_text(band.low - c.high),
                         percent * (1 - c.high / band.low));
    }
    if (c.low > band.high) {
      return fmt::format("; {} of the claimed hours ({:.0f} %) are more than the simulation can find a use for",
                         hours_text(c.low - band.high), percent * (1 - band.high / c.low));
    }
    const double off = out_.claimed->mid / band.mid - 1;
    return fmt::format("; the claim lies inside, {:.0f} % {} the middle", percent * std::abs(off),
                       off < 0 ? "below" : "above");
  }

  void explain_layout(const StageRow& row) {
    if (!row.simulation) return;
    const Run& run = row.simulation->typical;
    const Parallelism& p = run.parallelism;
    std::string text = fmt::format(
        "{}: a step takes {:.3g} s with tp {} pp {} vp {} cp {} ep {} dp {} on {}, micro-batches of {}", row.name,
        row.simulation->step.value(), p.tp, p.pp, p.vp, p.cp, p.ep, p.dp, run.stack.id, run.batch.micro_sequences);
    if (!row.simulation->fits) text += "; by Sextant's count that does not fit in memory";
    add(Reason::Kind::simulation, std::move(text));
  }

  void explain_scope() {
    const auto& remarks = claim_.remarks;
    for (const std::string& remark : remarks) add(Reason::Kind::scope, remark);
    if (hearsay_)
      add(Reason::Kind::scope,
          "the figures contradict each other and were not read in a source: the most favourable reading decides");
  }

  void neighbours() {
    if (!subject_.model || !subject_.gpu || options_.neighbours == 0) return;
    Run like;
    like.model = subject_.model->spec;
    like.cluster.gpu = *subject_.gpu;
    like.cluster.gpus = static_cast<int>(gpus_of(claim_));
    like.precision = stated_precision(claim_).value_or(Precision::bf16);
    out_.nearest = nearest_measured(likeness_of(like), in_.catalogue, options_.neighbours, in_.faults);
  }

  void elsewhere(const std::string& gpu) {
    if (!out_.simulated.gpu_hours || !subject_.gpu || subject_.gpu->id == gpu) return;
    const SimulatedClaim there = simulate_claim(claim_, in_, gpu);
    ElsewhereCost cost;
    cost.gpu = gpu;
    cost.gpu_hours = there.gpu_hours;
    if (cost.gpu_hours && there.stated_hours > 0) scale_stated_hours(*cost.gpu_hours, there.stated_hours);
    if (const auto rent = rent_near(prices_, gpu, claim_.source.date)) {
      cost.usd_per_gpu_hour = rent->price;
      cost.basis = rent->basis;
      if (cost.gpu_hours) cost.cost_usd = cost_of(*cost.gpu_hours, rent->price);
    }
    out_.elsewhere.push_back(std::move(cost));
  }

  /// Hours that were taken as stated grow with those that were simulated.
  void scale_stated_hours(Band<double>& there, double stated) const {
    const double here = out_.simulated.gpu_hours->mid - stated;
    if (!(here > 0)) return;
    const double more = stated * ((there.mid - stated) / here - 1);
    there = there.map([&](double h) { return h + more; });
  }

  const Claim& claim_;
  const SimulationInputs& in_;
  const hardware::Prices& prices_;
  const CheckOptions& options_;
  ClaimSubject subject_;
  ClaimContext context_;
  std::optional<Rent> rent_;
  bool hearsay_ = false;
  Check out_;
};

}  // namespace

std::string_view name_of(Reason::Kind kind) {
  switch (kind) {
    case Reason::Kind::physics: return "physics";
    case Reason::Kind::simulation: return "simulation";
    case Reason::Kind::arithmetic: return "arithmetic";
    case Reason::Kind::scope: return "scope";
  }
  return "";
}

Check check(const Claim& claim, const SimulationInputs& inputs, const hardware::Prices& prices,
            const CheckOptions& options) {
  return Checker(claim, inputs, prices, options).result();
}

}  // namespace sextant::sim
