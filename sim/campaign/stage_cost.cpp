// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/stage_cost.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/api.hpp"
#include "sim/uncertainty/step_band.hpp"

namespace sextant::sim {

namespace {

constexpr double seconds_per_hour = 3600;
constexpr double percent = 100;

/// Half width of a teacher's writing, as of RL's generation.
constexpr double generation_half_width = 0.30;

Run at_batch(Run run, double sequences) {
  run.batch.global_sequences = std::max(1, static_cast<int>(std::lround(sequences)));
  return run;
}

double hours_of_slices(const Stage& stage, const Run& run, const Calibration& calibration) {
  double hours = 0;
  for (const BatchSlice& slice : stage.slices) {
    const Run at = at_batch(run, slice.sequences);
    const double tokens = static_cast<double>(at.batch.global_sequences) * at.batch.seq_len;
    const Seconds step = evaluate(at, calibration.parameters).time;
    hours += slice.tokens / tokens * step.value() * run.cluster.gpus / seconds_per_hour;
  }
  return hours;
}

/// The layout of the stage, or the fastest of those that fit; how much slower the slowest of the kept ones is.
struct Chosen {
  Run run;
  double slowest_over_fastest = 1;
};

Chosen chosen(const Stage& stage, StageHours& out, const Calibration& calibration) {
  Chosen c{stage.run, 1};
  if (stage.layout_stated) return c;
  const LayoutSearch search = search_layouts(stage.run, stage.freedom, calibration.parameters);
  out.searched = true;
  out.considered = search.considered;
  if (search.kept.empty()) {
    out.obstacles.emplace_back("no layout divides the model and batch over the GPUs and fits in memory");
    return c;
  }
  c.run = search.kept.front().run;
  c.slowest_over_fastest = search.kept.back().step / search.kept.front().step;
  return c;
}

void add_training(const Stage& stage, StageHours& out, const Calibration& calibration) {
  const Chosen layout = chosen(stage, out, calibration);
  out.run = layout.run;
  const Prediction p = predict(out.run, calibration);
  out.step = p.step.time;
  out.mfu = p.efficiency.mfu;
  out.fits = p.memory.fits();
  if (!out.searched) {
    for (const Infeasible& o : p.obstacles) out.obstacles.push_back(o.reason);
  }
  out.half_width = p.uncertainty.half_width;
  out.why = p.uncertainty.why();
  if (layout.slowest_over_fastest > 1) {
    const double spread = std::log(layout.slowest_over_fastest);
    out.half_width = std::hypot(out.half_width, spread / 2);
    out.why.push_back(
        fmt::format("+-{:.0f} %: the layout is not stated; that much between the fastest ones", percent * spread / 2));
  }
  const double hours = hours_of_slices(stage, out.run, calibration);
  out.gpu_hours = {hours, hours, hours};
}

void add_rl(const Stage& stage, StageHours& out, const Calibration& calibration) {
  const RlWork& rl = *stage.rl;
  Stage trained = stage;
  // The layout is chosen for the samples' mean length at the optimizer's batch.
  out.run = chosen(trained, out, calibration).run;
  out.rl = rl_step(out.run, rl, calibration);
  out.step = out.rl->total;
  out.half_width = out.rl->half_width;
  if (rl.separate) out.gpus += rl.generation.gpus.value_or(0);
  const Run& run = out.run;
  const double per_token = flop_counts(run).model.value();
  out.mfu =
      per_token * stage.tokens() / (rl.rollouts * out.step.value() * out.gpus * efficiency(run, out.step).peak.value());
  const double hours = rl.rollouts * out.step.value() * out.gpus / seconds_per_hour;
  out.gpu_hours = {hours, hours, hours};
  out.why.push_back(fmt::format("+-{:.0f} %: generation and training of a round, as `sextant validate --rl` finds them",
                                percent * out.half_width));
  if (!out.rl->detail.fits) out.obstacles.emplace_back("the weights do not fit the GPUs of a generating replica");
}

void add_teacher(const Stage& stage, StageHours& out) {
  const TeacherWork& teacher = *stage.teacher;
  Samples written = teacher.samples;
  written.count *= teacher.per_kept;
  out.teacher = generation_time(teacher.run, written, teacher.generation, 1, false);
  out.teacher_hours = out.teacher->total.value() * out.teacher->gpus / seconds_per_hour;
  const double before = out.gpu_hours.mid;
  const double total = before + out.teacher_hours;
  const double taught = out.teacher_hours / total;
  out.half_width = std::hypot(taught * generation_half_width, (1 - taught) * out.half_width);
  out.why.push_back(fmt::format("+-{:.0f} %: the teacher's speed", percent * generation_half_width));
  out.gpu_hours = {total, total, total};
  if (!out.teacher->fits) out.obstacles.emplace_back("the teacher's weights do not fit the GPUs of a replica");
}

}  // namespace

double StageHours::days() const {
  constexpr double hours_per_day = 24;
  return gpus > 0 ? gpu_hours.mid / (gpus * hours_per_day) : 0;
}

StageHours stage_cost(const Stage& stage, const Calibration& calibration) {
  StageHours out;
  out.run = stage.run;
  out.gpus = stage.run.cluster.gpus;
  out.tokens = stage.tokens();
  if (stage.rl) {
    add_rl(stage, out, calibration);
  } else if (!stage.slices.empty()) {
    add_training(stage, out, calibration);
  }
  if (stage.teacher) add_teacher(stage, out);
  if (stage.work_uncertainty > 0) {
    out.half_width = std::hypot(out.half_width, stage.work_uncertainty);
    out.why.push_back(fmt::format("+-{:.0f} %: {}", percent * stage.work_uncertainty,
                                  stage.uncertain_because.empty() ? "the stage's work" : stage.uncertain_because));
  }
  const double factor = std::exp(out.half_width);
  out.gpu_hours.low /= factor;
  out.gpu_hours.high *= factor;
  return out;
}

}  // namespace sextant::sim
