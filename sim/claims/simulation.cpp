// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/simulation.hpp"

#include <algorithm>
#include <cmath>

#include "sim/step/step.hpp"
#include "sim/uncertainty/step_band.hpp"

namespace sextant::sim {

namespace {

/// Hours of all slices under one layout, with the uncertainty of its step.
struct LayoutHours {
  double hours = 0;
  double half_width = 0;  ///< 80 %, of the logarithm
};

StepUncertainty uncertainty_of(Run run, bool stack_assumed, const StepEstimate& step, const Calibration& calibration) {
  if (stack_assumed) run.stack.id.clear();
  return step_uncertainty(run, step, calibration);
}

LayoutHours hours_of(const StageWork& work, Run run, bool stack_assumed, const Calibration& calibration) {
  constexpr double seconds_per_hour = 3600;
  LayoutHours out;
  for (const BatchSlice& slice : work.slices) {
    run.batch.global_sequences = std::max(1, static_cast<int>(std::lround(slice.sequences)));
    const StepEstimate step = evaluate(run, calibration.parameters);
    const double tokens = static_cast<double>(run.batch.global_sequences) * work.seq_len;
    out.hours += slice.tokens / tokens * step.time.value() * run.cluster.gpus / seconds_per_hour;
    out.half_width = std::max(out.half_width, uncertainty_of(run, stack_assumed, step, calibration).half_width);
  }
  return out;
}

void widen(Band<double>& band, const LayoutHours& h) {
  const double factor = std::exp(h.half_width * tail_ratio);
  band.low = band.low > 0 ? std::min(band.low, h.hours / factor) : h.hours / factor;
  band.high = std::max(band.high, h.hours * factor);
}

}  // namespace

std::optional<SimulatedHours> simulate_stage(const StageWork& work, const std::vector<Setting>& settings,
                                             const Calibration& calibration) {
  SimulatedHours out;
  for (const Setting& setting : settings) {
    Run base = setting.run;
    base.batch.seq_len = work.seq_len;
    base.batch.global_sequences = std::max(1, static_cast<int>(std::lround(work.largest_batch())));
    const LayoutSearch search = search_layouts(base, setting.freedom, calibration.parameters);
    out.considered += search.considered;
    out.kept += static_cast<int>(search.kept.size());
    for (std::size_t i = 0; i < search.kept.size(); ++i) {
      const Layout& layout = search.kept[i];
      const LayoutHours h = hours_of(work, layout.run, setting.stack_assumed, calibration);
      widen(out.gpu_hours, h);
      // Layouts are ordered by speed: the middle one of the first setting that has any is what a team would use.
      if (out.gpu_hours.mid > 0 || i != search.kept.size() / 2) continue;
      out.gpu_hours.mid = h.hours;
      out.typical = layout.run;
      out.step = layout.step;
      out.fits = layout.fits;
      const StepEstimate step = evaluate(layout.run, calibration.parameters);
      out.why = uncertainty_of(layout.run, setting.stack_assumed, step, calibration).why();
    }
  }
  if (out.kept == 0) return std::nullopt;
  return out;
}

Band<double> goodput(models::HoursAre hours) {
  // BLOOM 0.90 (arXiv:2211.05100), Llama 3 and MegaScale above 0.90 (arXiv:2407.21783, 2402.15627), ByteRobust 0.97 for
  // three months (arXiv:2509.16293), Gemini's predecessors 0.85 (arXiv:2312.11805).
  switch (hours) {
    case models::HoursAre::throughput: return {1, 1, 1};
    case models::HoursAre::bill: return {0.80, 0.90, 0.98};
    case models::HoursAre::unknown: return {0.80, 0.95, 1};
  }
  return {1, 1, 1};
}

}  // namespace sextant::sim
