// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "sim/report/charts.hpp"
#include "sim/report/names.hpp"
#include "sim/report/proposal_rows.hpp"
#include "sim/report/reports.hpp"

namespace sextant::sim::report {

namespace {

using search::Plan;
using search::Proposal;
using search::Question;

double free_gb(const Proposal& p) { return p.headroom / memory_gb; }

std::string told(const Proposal& p) {
  std::string out = fmt::format("{} GPUs, {}, {} GPU-hours", grouped(p.run.cluster.gpus),
                                format(p.days.mid, Unit::days, p.days), short_count(p.gpu_hours.mid));
  if (p.cost_usd) out += ", " + format(p.cost_usd->mid, Unit::usd);
  return out + fmt::format(", {} free: {}", format(free_gb(p), Unit::gigabytes), layout_text(p.run));
}

/// Everything with a full prediction, fastest first, each layout once.
std::vector<const Proposal*> all_of(const Plan& plan) {
  std::vector<const Proposal*> all;
  for (const std::vector<Proposal>* list : {&plan.front, &plan.ranking}) {
    for (const Proposal& p : *list) {
      const bool known =
          std::any_of(all.begin(), all.end(), [&p](const Proposal* o) { return same_run(o->run, p.run); });
      if (!known) all.push_back(&p);
    }
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const Proposal* a, const Proposal* b) { return a->days.mid < b->days.mid; });
  return all;
}

}  // namespace

Chart trade_chart(const Question& q, const Plan& plan) {
  const bool several = q.sizes.size() > 1;
  const bool money = q.price.has_value();
  Chart c{.kind = Chart::Kind::scatter,
          .title = several ? "What time costs" : "What memory left free costs",
          .axis = "days",
          .unit = Unit::number,
          .up = !several ? "GB left free on every GPU"
                : money  ? "cost"
                         : "GPU-hours",
          .up_unit = !several ? Unit::gigabytes
                     : money  ? Unit::usd
                              : Unit::parameters};
  const std::string front = several ? "nothing faster is as cheap" : "nothing faster leaves as much memory";
  const std::string behind =
      several ? "other layouts: more memory left, or near the best" : "other layouts near the best";
  c.joined = front;
  std::optional<double> best;
  for (const Proposal* p : all_of(plan)) {
    const double up = !several ? free_gb(*p) : money ? p->cost_usd->mid : p->gpu_hours.mid;
    const bool first = !best || (several ? up < *best : up > *best);
    if (first) best = up;
    c.marks.push_back({.row = several ? grouped(p->run.cluster.gpus) : "",
                       .series = first ? front : behind,
                       .from = p->days.mid,
                       .to = up,
                       .note = told(*p)});
  }
  if (several) c.caption = "Numbers beside points are GPUs. Point at one for its layout.";
  return c;
}

Chart sizes_chart(const Question& q, const Plan& plan) {
  Chart c{.kind = Chart::Kind::intervals,
          .title = "Days by cluster size",
          .axis = "days of the fastest layout, 80 % bands, logarithmic",
          .unit = Unit::number,
          .logarithmic = true,
          .limit = q.deadline_days};
  if (plan.sizes.size() < 2) return c;
  for (const search::SizeSummary& s : plan.sizes) {
    if (!s.fastest) continue;
    const Band<double>& d = s.fastest->days;
    c.marks.push_back(
        {.row = grouped(s.gpus) + " GPUs", .from = d.low, .to = d.high, .middle = d.mid, .note = told(*s.fastest)});
  }
  if (q.deadline_days) c.caption = "The dashed line is the deadline.";
  return c;
}

Chart considered_chart(const Plan& plan) {
  Chart c{.kind = Chart::Kind::stacked,
          .title = "What became of the configurations",
          .axis = "configurations considered",
          .unit = Unit::parameters};
  double at = 0;
  const auto part = [&](std::string_view series, std::int64_t count) {
    if (count == 0) return;
    const auto n = static_cast<double>(count);
    c.marks.push_back({.row = "considered",
                       .series = std::string(series),
                       .from = at,
                       .to = at + n,
                       .note = fmt::format("{}: {}", series, grouped(n))});
    at += n;
  };
  part("costed", plan.counts.costed);
  for (std::size_t i = 0; i < plan.counts.rejected.size(); ++i) {
    part(i == static_cast<std::size_t>(search::Rejection::slower) ? "bound above the best" : search::rejection_names[i],
         plan.counts.rejected[i]);
  }
  return c;
}

}  // namespace sextant::sim::report
