// SPDX-License-Identifier: Apache-2.0
#include "sim/report/pipeline_report.hpp"

#include <algorithm>

#include "sim/report/names.hpp"
#include "sim/report/reports.hpp"
#include "sim/schedule/slices.hpp"

namespace sextant::sim::report {

Report pipeline_report(const Run& run, const StepTimeline& step) {
  const schedule::Timeline& t = step.timeline;
  Report r;
  r.format = "sextant/pipeline/1";
  r.title = run_title(run);
  r.subtitle = layout_text(run);
  r.add(Fact{"schedule", "schedule", std::string(name_of(run.parallelism.schedule))});
  r.add(Figure{.key = "makespan_s", .label = "pipeline", .value = t.makespan.value(), .unit = Unit::seconds});
  r.add(Figure{.key = "microbatches",
               .label = "micro-batches",
               .value = static_cast<double>(t.microbatches),
               .unit = Unit::count});
  Table ranks{.key = "ranks",
              .title = "Pipeline ranks",
              .columns = {{"rank", "rank", Unit::count},
                          {"busy_s", "busy", Unit::seconds},
                          {"sending_s", "held by sends", Unit::seconds},
                          {"bubble_s", "bubble", Unit::seconds},
                          {"bubble_share", "share", Unit::share},
                          {"in_flight", "in flight", Unit::count}},
              .main = true};
  for (std::size_t i = 0; i < t.stages.size(); ++i) {
    const int rank = static_cast<int>(i);
    double held = 0;
    for (const schedule::HeldLevel& level : schedule::held_levels(t, rank)) {
      held = std::max(held, static_cast<double>(level.held.until_weight_gradient));
    }
    ranks.rows.push_back({static_cast<double>(rank), t.stages[i].busy.value(), t.stages[i].sending.value(),
                          t.bubble(rank).value(), t.makespan > Seconds{} ? t.bubble(rank) / t.makespan : 0.0, held});
  }
  const bool sends_block = std::any_of(t.stages.begin(), t.stages.end(),
                                       [](const schedule::StageTimes& s) { return s.sending > Seconds{}; });
  if (!sends_block) ranks.columns[2].title.clear();  // people need no column of zeros
  r.add(std::move(ranks));
  return r;
}

}  // namespace sextant::sim::report
