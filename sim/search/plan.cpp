// SPDX-License-Identifier: Apache-2.0
#include "sim/search/plan.hpp"

#include <algorithm>
#include <cmath>

#include "sim/search/change.hpp"
#include "sim/uncertainty/product.hpp"

namespace sextant::sim::search {

namespace {

constexpr double seconds_per_hour = 3600.0;
constexpr double hours_per_day = 24.0;

double objective_of(const Question& q, const Proposal& p) {
  return q.objective == Objective::time ? p.days.mid : p.gpu_hours.mid;
}

/// By the objective; between equals more memory left, then the simpler.
auto ranks_before(const Question& q) {
  return [&q](const Proposal& a, const Proposal& b) {
    const double x = objective_of(q, a);
    const double y = objective_of(q, b);
    if (x != y) return x < y;
    if (a.days.mid != b.days.mid) return a.days.mid < b.days.mid;
    return a.headroom > b.headroom;
  };
}

int steps(const Proposal& p) { return headroom_steps(p.headroom); }

/// Whether `a` is nowhere worse and somewhere better.
bool dominates(const Proposal& a, const Proposal& b) {
  const bool nowhere_worse = a.days.mid <= b.days.mid && a.gpu_hours.mid <= b.gpu_hours.mid && steps(a) >= steps(b);
  return nowhere_worse && (a.days.mid < b.days.mid || a.gpu_hours.mid < b.gpu_hours.mid || steps(a) > steps(b));
}

/// What no other proposal beats in days, dollars and memory left.
std::vector<Proposal> front_of(const std::vector<Proposal>& all) {
  std::vector<Proposal> front;
  for (const Proposal& p : all) {
    if (std::none_of(all.begin(), all.end(), [&](const Proposal& o) { return dominates(o, p); })) front.push_back(p);
  }
  std::stable_sort(front.begin(), front.end(),
                   [](const Proposal& a, const Proposal& b) { return a.days.mid < b.days.mid; });
  return front;
}

std::optional<RunnerUp> runner_up_of(const Question& q, const std::vector<Proposal>& ranking) {
  if (ranking.size() < 2) return std::nullopt;
  RunnerUp r;
  const double best = objective_of(q, ranking[0]);
  r.behind = objective_of(q, ranking[1]) / best - 1.0;
  r.half_width = std::expm1(ranking[0].prediction.uncertainty.half_width);
  for (std::size_t i = 1; i < ranking.size(); ++i) {
    if (objective_of(q, ranking[i]) / best - 1.0 < r.half_width) ++r.ties;
  }
  return r;
}

template <class Less>
std::optional<Proposal> best_of(const std::vector<Proposal>& all, Less less) {
  const auto found = std::min_element(all.begin(), all.end(), less);
  if (found == all.end()) return std::nullopt;
  return *found;
}

class Planner {
 public:
  Planner(const Question& question, const Calibration& calibration, const PlanOptions& options)
      : q_(question), calibration_(calibration), options_(options) {}

  Plan run() {
    const Space space = usual_space(q_.base, q_.freedom);
    Options options;
    options.top = options_.top;
    options.threads = options_.threads;
    options.progress = options_.progress;
    options.cancelled = options_.cancelled;
    options.found = [this](const SizeResult& r) {
      add(r);
      if (options_.so_far) tell();
    };
    (void)search(q_.base, space, q_.sizes, calibration_.parameters, options);
    finish();
    if (!plan_.answered() && !stopped()) explain(q_, layouts_, calibration_, options_, plan_);
    return std::move(plan_);
  }

 private:
  void add(const SizeResult& r) {
    plan_.counts += r.counts;
    SizeSummary& size = plan_.sizes.emplace_back(SizeSummary{r.gpus, std::nullopt, r.counts});
    for (const Found& f : r.found.layouts()) {
      layouts_.push_back(propose(q_, run_of(q_.base, f.candidate), calibration_));
      if (!size.fastest) size.fastest = layouts_.back();
    }
    for (const Found& f : r.found.front()) trades_.push_back(propose(q_, run_of(q_.base, f.candidate), calibration_));
  }

  [[nodiscard]] bool stopped() const { return options_.cancelled && options_.cancelled(); }

  void tell() const {
    Planner now = *this;
    now.finish();
    options_.so_far(static_cast<double>(plan_.sizes.size()) / static_cast<double>(q_.sizes.size()), now.plan_);
  }

  void finish() {
    for (const Proposal& p : layouts_) {
      if (p.eligible()) plan_.ranking.push_back(p);
    }
    std::stable_sort(plan_.ranking.begin(), plan_.ranking.end(), ranks_before(q_));
    plan_.cheapest =
        best_of(plan_.ranking, [](const Proposal& a, const Proposal& b) { return a.gpu_hours.mid < b.gpu_hours.mid; });
    plan_.fastest =
        best_of(plan_.ranking, [](const Proposal& a, const Proposal& b) { return a.days.mid < b.days.mid; });
    if (plan_.ranking.size() > options_.top) plan_.ranking.resize(options_.top);
    plan_.runner_up = runner_up_of(q_, plan_.ranking);
    std::erase_if(trades_, [](const Proposal& p) { return !p.eligible(); });
    plan_.front = front_of(trades_);
  }

  const Question& q_;
  const Calibration& calibration_;
  const PlanOptions& options_;
  Plan plan_;
  std::vector<Proposal> layouts_;
  std::vector<Proposal> trades_;
};

}  // namespace

Proposal propose(const Question& q, Run run, const Calibration& calibration) {
  Proposal p;
  p.run = std::move(run);
  p.prediction = predict(p.run, calibration);
  p.headroom = p.prediction.memory.capacity - p.prediction.memory.total();
  const double steps = q.tokens / (static_cast<double>(p.run.batch.global_sequences) * p.run.batch.seq_len);
  p.days = p.prediction.band.map([&](Seconds s) { return s.value() * steps / seconds_per_hour / hours_per_day; });
  p.gpu_hours = p.days.map([&](double d) { return d * hours_per_day * p.run.cluster.gpus; });
  if (q.price) p.cost_usd = product(p.gpu_hours, q.price->usd_per_gpu_hour);
  p.in_time = !q.deadline_days || p.days.mid <= *q.deadline_days;
  p.affordable = !q.budget_usd || (p.cost_usd && p.cost_usd->mid <= *q.budget_usd);
  return p;
}

Plan plan(const Question& question, const Calibration& calibration, const PlanOptions& options) {
  return Planner(question, calibration, options).run();
}

}  // namespace sextant::sim::search
