// SPDX-License-Identifier: Apache-2.0
// GPU-hours that the simulator finds for a stretch of training, over the layouts a claim leaves open.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/band.hpp"
#include "models/claim.hpp"
#include "sim/campaign/layouts.hpp"
#include "sim/claims/stage_work.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// A cluster, a stack and a precision that the claim allows; the batch and the degrees are filled in per stage.
struct Setting {
  Run run;
  LayoutFreedom freedom;
  bool stack_assumed = false;  ///< the claim does not state it: then the calibration has not seen it
};

struct SimulatedHours {
  Band<double> gpu_hours;  ///< 95 % band over the kept layouts; the middle one of the first setting
  Run typical;             ///< layout behind `mid`
  Seconds step;            ///< of it, at the largest batch
  int considered = 0;
  int kept = 0;
  bool fits = true;              ///< in memory, by Sextant's count
  std::vector<std::string> why;  ///< what the band's width is made of
};

/// The stage under each setting; the first is the most likely one. Nothing when no layout is whole and fits.
[[nodiscard]] std::optional<SimulatedHours> simulate_stage(const StageWork& work, const std::vector<Setting>& settings,
                                                           const Calibration& calibration);

/// What share of the paid hours trains, from a claim whose hours are a bill to one whose hours are tokens over
/// throughput.
[[nodiscard]] Band<double> goodput(models::HoursAre hours);

}  // namespace sextant::sim
