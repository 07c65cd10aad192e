// SPDX-License-Identifier: Apache-2.0
// One round of reinforcement learning: rollout, scoring, training, and the new weights into the generator.
#pragma once

#include "base/quantity.hpp"
#include "sim/campaign/campaign.hpp"
#include "sim/campaign/generation.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/step/step.hpp"

namespace sextant::sim {

struct RlStep {
  Seconds generation;
  Seconds reward;     ///< reading by a reward model
  Seconds log_probs;  ///< forward passes of old policy, reference and critic
  Seconds training;
  Seconds refit;
  Seconds fixed;
  Seconds waiting;  ///< of the faster side for the slower one, where both go on at once; not part of the total
  Seconds total;
  GenerationTime detail;
  double half_width = 0;  ///< of the logarithm, 80 % band

  /// Whether generation, not training, sets the pace.
  [[nodiscard]] bool generation_bound() const { return generation >= reward + log_probs + training; }
};

/// `run` holds the layout of training; its cluster the GPUs that train. Where generation has GPUs of its own,
/// `rl.generation.gpus` says how many.
[[nodiscard]] RlStep rl_step(const Run& run, const RlWork& rl, const Calibration& calibration);

/// Time of a forward pass alone over a step's sequences.
[[nodiscard]] Seconds forward_time(const StepEstimate& step);

}  // namespace sextant::sim
