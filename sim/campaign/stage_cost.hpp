// SPDX-License-Identifier: Apache-2.0
// GPU-hours of one stage, as if nothing ever failed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/band.hpp"
#include "sim/campaign/campaign.hpp"
#include "sim/campaign/rl_step.hpp"
#include "sim/memory/feasibility.hpp"
#include "sim/parameters/calibration.hpp"

namespace sextant::sim {

struct StageHours {
  Band<double> gpu_hours;  ///< 80 %
  int gpus = 0;            ///< that are busy with it
  double tokens = 0;       ///< trained on
  Run run;                 ///< layout that was taken, at the largest batch
  Seconds step;            ///< of it; of a whole round for RL
  double mfu = 0;          ///< of training steps; 0 for stages that only generate
  double half_width = 0;   ///< of the logarithm, 80 % band
  bool searched = false;   ///< the layout is not stated
  int considered = 0;
  bool fits = true;  ///< in memory, by Sextant's count
  std::optional<RlStep> rl;
  std::optional<GenerationTime> teacher;
  double teacher_hours = 0;
  std::vector<std::string> why;        ///< what the band is made of
  std::vector<std::string> obstacles;  ///< why the stage cannot run as stated

  [[nodiscard]] double days() const;
};

[[nodiscard]] StageHours stage_cost(const Stage& stage, const Calibration& calibration);

}  // namespace sextant::sim
