// SPDX-License-Identifier: Apache-2.0
#include "sim/search/change.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/memory/feasibility.hpp"
#include "sim/search/fewest_gpus.hpp"

namespace sextant::sim::search {

namespace {

constexpr int most_doublings = 6;
constexpr int most_gpus = 1 << 20;

std::int64_t rejected(const Counts& counts, Rejection why) { return counts.rejected[static_cast<std::size_t>(why)]; }

const Proposal* least(const std::vector<Proposal>& all, double Band<double>::*end, Band<double> Proposal::*what) {
  const auto found = std::min_element(
      all.begin(), all.end(), [&](const Proposal& a, const Proposal& b) { return (a.*what).*end < (b.*what).*end; });
  return found == all.end() ? nullptr : &*found;
}

class Changes {
 public:
  Changes(const Question& q, const std::vector<Proposal>& layouts, const Calibration& calibration,
          const PlanOptions& options, Plan& plan)
      : q_(q), layouts_(layouts), calibration_(calibration), options_(options), plan_(plan) {}

  void explain() {
    if (layouts_.empty()) {
      nothing_fits();
    } else if (q_.budget_usd && !q_.price) {
      plan_.obstacles.emplace_back("there is no price of this GPU to hold against the budget");
      plan_.nearest.push_back({"state a price: --usd-per-gpu-hour", std::nullopt});
    } else {
      too_late_or_too_dear();
    }
  }

 private:
  [[nodiscard]] DisplayUnits units() const { return options_.units; }
  [[nodiscard]] std::string money(double usd) const { return short_money_text(usd, units()); }
  [[nodiscard]] std::string days(double n) const { return days_text(n, fmt::format("{:.1f}", n), units()); }
  [[nodiscard]] std::string whole_days(double n) const {
    return days_text(std::ceil(n), fmt::format("{:.0f}", std::ceil(n)), units());
  }

  /// The best of another question, by time.
  std::optional<Proposal> fastest_of(const Question& other) const {
    Options options;
    options.top = 1;
    options.threads = options_.threads;
    options.cancelled = options_.cancelled;
    const Space space = usual_space(other.base, other.freedom);
    std::optional<Proposal> best;
    for (const SizeResult& r : search(other.base, space, other.sizes, calibration_.parameters, options)) {
      if (r.found.layouts().empty()) continue;
      const Found& f = r.found.layouts().front();
      Proposal p = propose(other, run_of(other.base, f.candidate), calibration_);
      if (!best || p.days.mid < best->days.mid) best = std::move(p);
    }
    return best;
  }

  bool offer(std::string what, const Question& other) {
    std::optional<Proposal> best = fastest_of(other);
    if (!best) return false;
    plan_.nearest.push_back({std::move(what), std::move(best)});
    return true;
  }

  // ---- nothing fits ----

  void nothing_fits() {
    const Counts& c = plan_.counts;
    if (c.fits == 0 && rejected(c, Rejection::memory) > 0) {
      plan_.obstacles.push_back(
          "no layout that divides fits in " +
          fmt::format("{:.1f} GB a GPU", (q_.base.cluster.gpu.memory - q_.freedom.reserve) / memory_gb) +
          (q_.freedom.reserve > Bytes{} ? " with the reserve left free" : ""));
    } else if (rejected(c, Rejection::batch) > 0) {
      plan_.obstacles.push_back(
          fmt::format("no layout divides a batch of {} sequences", q_.base.batch.global_sequences));
    } else {
      plan_.obstacles.emplace_back("no layout divides the GPUs, the model and the sequence");
    }
    if (less_reserve() || free_degrees() || other_sharding() || other_schedules()) return;
    if (more_gpus() || other_batch()) return;
    plan_.nearest.push_back(
        {"none of: the degrees left open, any sharding, any schedule, more GPUs, another batch", std::nullopt});
  }

  bool less_reserve() {
    Question other = q_;
    other.freedom.reserve = {};
    return q_.freedom.reserve > Bytes{} && offer("no memory left free (--reserve 0)", other);
  }

  bool free_degrees() {
    Question other = q_;
    other.freedom = {};
    other.freedom.reserve = q_.freedom.reserve;
    other.freedom.precisions = q_.freedom.precisions;
    other.freedom.any_schedule = q_.freedom.any_schedule;
    other.freedom.any_sharding = q_.freedom.any_sharding;
    const Freedom& f = q_.freedom;
    if (!f.tp && !f.pp && !f.vp && !f.cp && !f.ep && !f.etp && !f.micro_sequences && !f.sharding && !f.schedule &&
        !f.recompute) {
      return false;
    }
    return offer("leave the layout open", other);
  }

  bool other_sharding() {
    Question other = q_;
    other.freedom.sharding.reset();
    other.freedom.any_sharding = true;
    return !q_.freedom.any_sharding && offer("any sharding, though the stack does not run all (--sharding any)", other);
  }

  bool other_schedules() {
    Question other = q_;
    other.freedom.schedule.reset();
    other.freedom.any_schedule = true;
    return !q_.freedom.any_schedule && offer("any schedule, though the stack does not run all (--schedule any)", other);
  }

  bool more_gpus() {
    const int most = *std::max_element(q_.sizes.begin(), q_.sizes.end());
    const Space space = usual_space(q_.base, q_.freedom);
    const auto fewest =
        fewest_gpus(q_.base, space, most, calibration_.parameters, options_.threads, options_.cancelled);
    if (!fewest) return false;
    plan_.nearest.push_back({fmt::format("{} GPUs, the fewest {}", fewest->gpus, fewest->exact ? "that do" : "found"),
                             propose(q_, run_of(q_.base, fewest->fastest.candidate), calibration_)});
    return true;
  }

  /// The nearest batches that the GPUs divide one sequence each, or a multiple of them.
  bool other_batch() {
    Question other = q_;
    for (const int gpus : q_.sizes) {
      for (int dp = gpus; dp >= 1; dp /= 2) {
        const int below = q_.base.batch.global_sequences / dp * dp;
        const int batch = below > 0 ? below : dp;
        if (gpus % dp != 0 || batch == q_.base.batch.global_sequences) continue;
        other.base.batch.global_sequences = batch;
        other.sizes = {gpus};
        if (offer(fmt::format("{} sequences a step", batch), other)) return true;
      }
    }
    return false;
  }

  // ---- fits, but not in time or not for the money ----

  void too_late_or_too_dear() {
    const Proposal* fastest = least(layouts_, &Band<double>::mid, &Proposal::days);
    const Proposal* cheapest = least(layouts_, &Band<double>::mid, &Proposal::gpu_hours);
    if (q_.deadline_days && !fastest->in_time) {
      plan_.obstacles.push_back(
          fmt::format("the fastest layout takes {}, the deadline is {}", days(fastest->days.mid),
                      days_text(*q_.deadline_days, fmt::format("{:g}", *q_.deadline_days), units())));
      in_time_on_more_gpus(*fastest);
    }
    if (q_.budget_usd && !cheapest->affordable) {
      plan_.obstacles.push_back(fmt::format("the cheapest layout costs {}, the budget is {}",
                                            money(cheapest->cost_usd->mid), money(*q_.budget_usd)));
      plan_.nearest.push_back({fmt::format("a budget of {}, or {} a GPU-hour", money(cheapest->cost_usd->mid),
                                           money_text(*q_.budget_usd / cheapest->gpu_hours.mid, 2, units())),
                               *cheapest});
    }
    if (plan_.obstacles.empty()) either_but_not_both();
  }

  void in_time_on_more_gpus(const Proposal& fastest) {
    Question other = q_;
    const double times = fastest.days.mid / *q_.deadline_days;
    const int node = q_.base.cluster.gpus_per_node;
    double gpus = fastest.run.cluster.gpus * times;
    for (int i = 0; i < most_doublings; ++i, gpus *= 1.25) {
      const double power = std::exp2(std::floor(std::log2(gpus)));
      const double size = gpus <= power ? power : gpus <= 1.5 * power ? 1.5 * power : 2.0 * power;
      if (size > most_gpus || static_cast<long long>(size) % node != 0) continue;
      other.sizes = {static_cast<int>(size)};
      std::optional<Proposal> p = fastest_of(other);
      if (!p || !p->in_time) continue;
      plan_.nearest.push_back({fmt::format("{} GPUs", other.sizes.front()), std::move(p)});
      return;
    }
    plan_.nearest.push_back({"a deadline of " + whole_days(fastest.days.mid), fastest});
  }

  /// Some are in time, some affordable, none both.
  void either_but_not_both() {
    std::vector<Proposal> in_time;
    std::vector<Proposal> affordable;
    for (const Proposal& p : layouts_) {
      if (p.in_time) in_time.push_back(p);
      if (p.affordable) affordable.push_back(p);
    }
    plan_.obstacles.emplace_back("what is in time is over the budget, what is within the budget is late");
    if (const Proposal* p = least(in_time, &Band<double>::mid, &Proposal::gpu_hours)) {
      plan_.nearest.push_back({fmt::format("a budget of {}", money(p->cost_usd->mid)), *p});
    }
    if (const Proposal* p = least(affordable, &Band<double>::mid, &Proposal::days)) {
      plan_.nearest.push_back({"a deadline of " + whole_days(p->days.mid), *p});
    }
  }

  const Question& q_;
  const std::vector<Proposal>& layouts_;
  const Calibration& calibration_;
  const PlanOptions& options_;
  Plan& plan_;
};

}  // namespace

void explain(const Question& question, const std::vector<Proposal>& layouts, const Calibration& calibration,
             const PlanOptions& options, Plan& plan) {
  Changes(question, layouts, calibration, options, plan).explain();
}

}  // namespace sextant::sim::search
