// SPDX-License-Identifier: Apache-2.0
#include "sim/report/plan_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/report/names.hpp"
#include "sim/report/proposal_rows.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

using search::Objective;
using search::Plan;
using search::Proposal;
using search::Question;

std::string sizes_text(const std::vector<int>& sizes) {
  if (sizes.size() == 1) return grouped(sizes.front());
  return fmt::format("{} to {}", grouped(sizes.front()), grouped(sizes.back()));
}

std::string limits_text(const Question& q, DisplayUnits units) {
  std::string out;
  if (q.deadline_days)
    out += "; within " + sextant::days_text(*q.deadline_days, fmt::format("{:g}", *q.deadline_days), units);
  if (q.budget_usd) out += "; within " + format(*q.budget_usd, Unit::usd, units);
  return out;
}

void headline(Report& r, const Question& q, DisplayUnits units) {
  const models::ModelSpec& m = q.base.model;
  r.title = fmt::format("Plan: {}, {} on {} x {}", m.name, format(q.tokens, Unit::tokens), sizes_text(q.sizes),
                        q.base.cluster.gpu.id);
  std::string precisions;
  for (const Precision p : q.freedom.precisions) {
    precisions += (precisions.empty() ? "" : " or ") + std::string(name_of(p));
  }
  if (precisions.empty()) precisions = name_of(q.base.precision);
  r.subtitle = fmt::format("{} x {} tokens a step; {}; {}{}", grouped(q.base.batch.global_sequences),
                           grouped(q.base.batch.seq_len), precisions, q.base.stack.title, limits_text(q, units));
}

std::string days_text(const Proposal& p, DisplayUnits units) {
  return units.hours ? format(p.days.mid, Unit::days, units) : format(p.days.mid, Unit::days, p.days);
}

std::string sum_text(const Proposal& p, DisplayUnits units) {
  std::string out = fmt::format("{}, {} GPU-hours", days_text(p, units), short_count(p.gpu_hours.mid));
  if (p.cost_usd) out += ", " + format(p.cost_usd->mid, Unit::usd, units);
  return out;
}

void verdict(Report& r, const Question& q, const Plan& plan, DisplayUnits units) {
  if (!plan.answered()) {
    for (const std::string& why : plan.obstacles) r.add(Verdict{"No plan: " + why + ".", Verdict::Mood::bad});
    for (const search::NearestChange& n : plan.nearest) {
      const std::string then =
          n.then ? fmt::format(": {} with {}", sum_text(*n.then, units), layout_text(n.then->run)) : "";
      r.add(Verdict{"Nearest change: " + n.what + then + ".", Verdict::Mood::neutral});
    }
    return;
  }
  const char* by = q.objective == Objective::time ? "Fastest" : q.price ? "Cheapest" : "Fewest GPU-hours";
  r.add(Verdict{fmt::format("{}: {} on {} GPUs.", by, sum_text(plan.ranking.front(), units),
                            grouped(plan.ranking.front().run.cluster.gpus)),
                Verdict::Mood::good});
}

void best(Report& r, const Question& q, const Plan& plan) {
  if (!plan.answered()) return;
  add_best(r, q, plan.ranking.front());
}

/// Whether the runner-up can be told from the best.
void runner_up(Report& r, const Plan& plan) {
  if (!plan.runner_up) return;
  const search::RunnerUp& u = *plan.runner_up;
  r.add(Figure{.key = "runner_up/behind", .value = u.behind, .unit = Unit::share, .audience = Audience::programs});
  r.add(Figure{
      .key = "runner_up/band_half_width", .value = u.half_width, .unit = Unit::share, .audience = Audience::programs});
  r.add(Flag{.key = "runner_up/tie", .value = u.tie()});
  r.add(
      Figure{.key = "ties", .value = static_cast<double>(u.ties), .unit = Unit::count, .audience = Audience::programs});
  const std::string last = format(u.behind, Unit::share);
  r.add(Verdict{u.tie() ? fmt::format("The runner-up is {} behind, the band is {} wide to either side: a tie. So are "
                                      "{} of the layouts below; choose by memory and by what you know to run well.",
                                      last, format(u.half_width, Unit::share), u.ties)
                        : fmt::format("The runner-up is {} behind, more than the band's {}.", last,
                                      format(u.half_width, Unit::share)),
                Verdict::Mood::neutral});
}

std::string own_remark(const Question& q, const Proposal& own) {
  if (!own.prediction.feasible()) return ", and does not fit";
  if (own.headroom >= q.freedom.reserve) return {};
  return fmt::format(", and leaves {} free", format(own.headroom / memory_gb, Unit::gigabytes));
}

void own_layout(Report& r, const Question& q, const Plan& plan, const PlanContext& context) {
  if (!context.own) return;
  const Proposal& own = *context.own;
  r.add(Figure{.key = "own/step_time_s",
               .value = own.prediction.step.time.value(),
               .unit = Unit::seconds,
               .audience = Audience::programs});
  if (!plan.answered()) return;
  const double more = own.gpu_hours.mid / plan.ranking.front().gpu_hours.mid - 1.0;
  r.add(Figure{.key = "own/over_best", .value = more, .unit = Unit::share, .audience = Audience::programs});
  r.add(Verdict{fmt::format("The run's own layout ({}) takes {}, {} {} GPU-hours than the best{}.",
                            layout_text(own.run), sum_text(own, context.units), format(std::abs(more), Unit::share),
                            more >= 0 ? "more" : "fewer", own_remark(q, own)),
                Verdict::Mood::neutral});
}

void sizes(Report& r, const Question& q, const Plan& plan) {
  if (plan.sizes.size() < 2) return;
  std::vector<const Proposal*> fastest;
  for (const search::SizeSummary& s : plan.sizes) {
    if (s.fastest) fastest.push_back(&*s.fastest);
  }
  Table t = proposal_table(q, fastest, "The fastest layout of each cluster size", true);
  t.key = "sizes";
  r.add(std::move(t));
}

/// Programs get the whole front, people what the best's cluster size trades: the sizes have a table of their own.
void trades(Report& r, const Question& q, const Plan& plan) {
  std::vector<const Proposal*> all;
  std::vector<const Proposal*> here;
  for (const Proposal& p : plan.front) {
    all.push_back(&p);
    if (plan.answered() && p.run.cluster.gpus == plan.ranking.front().run.cluster.gpus) here.push_back(&p);
  }
  Table front = proposal_table(q, all, "");
  front.key = "pareto";
  front.audience = Audience::programs;
  r.add(std::move(front));
  if (here.size() < 2) return;
  Table people = proposal_table(q, here, "What memory left free costs");
  people.audience = Audience::people;
  r.add(std::move(people));
}

void counts(Report& r, const Question& q, const Plan& plan, double seconds) {
  const search::Counts& c = plan.counts;
  const auto add = [&](std::string key, double value) {
    r.add(Figure{.key = std::move(key), .value = value, .unit = Unit::count, .audience = Audience::programs});
  };
  add("candidates", static_cast<double>(c.considered()));
  add("feasible", static_cast<double>(c.fits));
  add("costed", static_cast<double>(c.costed));
  add("groups", static_cast<double>(c.groups));
  r.add(Figure{.key = "reserve_gb",
               .value = q.freedom.reserve / memory_gb,
               .unit = Unit::gigabytes,
               .audience = Audience::programs});
  r.add(Figure{.key = "seconds", .value = seconds, .unit = Unit::seconds, .audience = Audience::programs});
  r.add(Figure{.key = "configurations_per_s",
               .value = seconds > 0 ? static_cast<double>(c.considered()) / seconds : 0.0,
               .unit = Unit::number,
               .audience = Audience::programs});
  for (std::size_t i = 0; i < c.rejected.size(); ++i) {
    add("rejected/" + std::string(search::rejection_names[i]), static_cast<double>(c.rejected[i]));
  }
}

std::string_view meaning(search::Rejection why) {
  switch (why) {
    case search::Rejection::divisibility: return "degrees that do not divide the GPUs, the model or the sequence";
    case search::Rejection::batch: return "a batch that dp and the micro-batch do not divide";
    case search::Rejection::stack: return "what the stack does not run";
    case search::Rejection::schedule: return "shapes that the schedule refuses";
    case search::Rejection::memory: return "too large for memory, the reserve left free";
    case search::Rejection::slower: return "a lower bound above what was found";
    case search::Rejection::count_: break;
  }
  return "";
}

void considered(Report& r, const Plan& plan) {
  const search::Counts& c = plan.counts;
  Table t{.title = fmt::format("{} configurations considered", grouped(static_cast<double>(c.considered()))),
          .columns = {{"", " ", Unit::count}, {"", " ", Unit::text}},
          .audience = Audience::people};
  t.rows.push_back({static_cast<double>(c.costed), std::string("costed by the executor")});
  for (std::size_t i = 0; i < c.rejected.size(); ++i) {
    if (c.rejected[i] == 0) continue;
    t.rows.push_back(
        {static_cast<double>(c.rejected[i]), "rejected: " + std::string(meaning(static_cast<search::Rejection>(i)))});
  }
  r.add(std::move(t));
}

/// What was left free on purpose; and where that is little, that the best may not fit in fact.
void memory_notes(List& notes, const Question& q, const Plan& plan) {
  const Bytes capacity = q.base.cluster.gpu.memory;
  const auto gigabytes = [](Bytes b) { return format(b / memory_gb, Unit::gigabytes); };
  if (q.freedom.reserve > Bytes{}) {
    notes.points.push_back(fmt::format("{} of each GPU's {} are left free (--reserve)", gigabytes(q.freedom.reserve),
                                       gigabytes(capacity)));
  }
  if (!plan.answered()) return;
  const Proposal& best = plan.ranking.front();
  if (best.headroom >= capacity * search::usual_reserve) return;
  notes.points.push_back(
      fmt::format("risky: the best layout leaves {} of {} free, less than estimates of memory are sure of",
                  gigabytes(best.headroom), gigabytes(capacity)));
}

void remarks(Report& r, const Question& q, const Plan& plan) {
  List assumed{.key = "assumptions", .title = "Assumed, because the question does not say"};
  for (const Assumption& a : q.base.assumptions) assumed.points.push_back(text_of(a));
  r.add(std::move(assumed));
  List notes{.key = "notes", .title = "Notes", .points = q.base.notes};
  memory_notes(notes, q, plan);
  notes.points.push_back(fmt::format(
      "days are tokens over speed: no failures, restarts or idle weeks; at least {} configurations fit in memory",
      grouped(static_cast<double>(plan.counts.fits))));
  r.add(std::move(notes));
}

}  // namespace

Report plan_report(const Question& q, const Plan& plan, const PlanContext& context) {
  Report r;
  r.format = "sextant/plan/1";
  headline(r, q, context.units);
  r.add(Flag{.key = "answered", .value = plan.answered()});
  List obstacles{.key = "obstacles", .points = plan.obstacles, .audience = Audience::programs};
  r.add(std::move(obstacles));
  counts(r, q, plan, context.seconds);
  verdict(r, q, plan, context.units);
  best(r, q, plan);
  runner_up(r, plan);
  own_layout(r, q, plan, context);
  std::vector<const Proposal*> ranked;
  for (const Proposal& p : plan.ranking) ranked.push_back(&p);
  Table ranking = proposal_table(q, ranked, "The best layouts");
  ranking.key = "ranking";
  ranking.main = true;
  r.add(std::move(ranking));
  trades(r, q, plan);
  sizes(r, q, plan);
  Table nearest = nearest_table(q, plan.nearest);
  r.add(std::move(nearest));
  considered(r, plan);
  remarks(r, q, plan);
  return r;
}

}  // namespace sextant::sim::report
