// SPDX-License-Identifier: Apache-2.0
#include "sim/report/run_question.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/json/cursor.hpp"
#include "base/json/write_node.hpp"
#include "sim/report/plan_layouts.hpp"
#include "sim/report/plan_report.hpp"
#include "sim/run/stated_run.hpp"

namespace sextant::sim::report {

namespace {

constexpr double trillion = 1e12;
constexpr double seconds_per_hour = 3600.0;

}  // namespace

json::Node without_layout(json::Node run, bool keeps_recompute) {
  std::erase_if(run.members, [&](const json::Member& m) {
    return m.key == "parallelism" || (m.key == "recompute" && !keeps_recompute);
  });
  return run;
}

void leave_layout_open(StatedRun& stated) {
  stated.batch->micro_sequences = 1;
  stated.parallelism.sharding = Sharding::none;
  stated.parallelism.schedule = Schedule::one_f_one_b;
  if (!stated.recompute) stated.recompute = StatedRecompute{};
}

std::optional<search::HourlyPrice> hourly_price(std::optional<double> given,
                                                const std::optional<hardware::RentalBand>& rental) {
  if (given) return {{{*given, *given, *given}, "as given"}};
  if (!rental) return std::nullopt;
  return {{rental->price.map([](GpuPrice p) { return p.value() * seconds_per_hour; }), rental->basis()}};
}

std::optional<search::Question> question_of(const json::Node& run, const std::string& file, std::vector<int> sizes,
                                            const Goal& goal, const std::optional<hardware::RentalBand>& price,
                                            const Catalogue& catalogue, Diagnostics& faults) {
  const json::Node open = without_layout(run, false);
  auto stated = read_run(json::Cursor(open, file, faults), catalogue);
  if (!stated || !faults.empty() || sizes.empty()) return std::nullopt;
  leave_layout_open(*stated);
  stated->cluster->gpus = sizes.front();
  auto base = complete(*stated, catalogue, faults, {file, 0, "/stack", "", ""});
  if (!base || !faults.empty()) return std::nullopt;
  search::Question q;
  q.base = std::move(*base);
  q.features = stated->features;
  q.model = json::to_json(*open.find("model")).dump();
  q.sizes = std::move(sizes);
  q.freedom.reserve = q.base.cluster.gpu.memory * search::usual_reserve;
  q.tokens = goal.tokens.value_or(trillion);
  q.deadline_days = goal.deadline_days;
  q.budget_usd = goal.budget_usd;
  q.price = hourly_price(goal.usd_per_gpu_hour, price);
  return q;
}

void ask_for_fastest(search::Question& q, bool fastest) {
  q.objective = fastest ? search::Objective::time : search::Objective::cost;
}

std::vector<int> sizes_around(const hardware::Cluster& cluster, int steps) {
  const int node = std::max(1, cluster.gpus_per_node);
  std::vector<int> sizes;
  for (int i = -steps; i <= steps; ++i) {
    const int n = i < 0 ? cluster.gpus >> -i : cluster.gpus << i;
    const bool whole_nodes = n >= node && n % node == 0;
    if (whole_nodes || i == 0) sizes.push_back(n);
  }
  return sizes;
}

std::string plan_options(const search::Question& q, std::size_t top) {
  std::string out = fmt::format("--gpus {} --tokens {}", fmt::join(q.sizes, ","), q.tokens);
  if (q.deadline_days) out += fmt::format(" --deadline {}d", *q.deadline_days);
  if (q.budget_usd) out += fmt::format(" --budget {}", *q.budget_usd);
  if (q.price && q.price->basis == "as given") {
    out += fmt::format(" --usd-per-gpu-hour {}", q.price->usd_per_gpu_hour.mid);
  }
  for (const auto& [name, objective] : search::objective_names) {
    if (objective == q.objective) out += fmt::format(" --objective {}", name);
  }
  return out + fmt::format(" --top {}", top);
}

RunPlan plan_of(const search::Question& q, const Run& own, const Calibration& calibration,
                const RunPlanOptions& options) {
  PlanContext context;
  context.units = options.units;
  if (q.sizes.size() == 1) context.own = search::propose(q, own, calibration);
  search::PlanOptions search_options;
  search_options.top = options.top;
  search_options.threads = options.threads;
  search_options.units = options.units;
  search_options.cancelled = options.cancelled;
  search_options.progress = options.progress;
  if (options.so_far) {
    search_options.so_far = [&](double share, const search::Plan& plan) {
      options.so_far(share, {plan_report(q, plan, context), plan_layouts(plan)});
    };
  }
  const search::Plan plan = search::plan(q, calibration, search_options);
  return {plan_report(q, plan, context), plan_layouts(plan)};
}

}  // namespace sextant::sim::report
