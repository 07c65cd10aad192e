// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/rl_step.hpp"

#include <algorithm>
#include <cmath>

#include "models/counts.hpp"
#include "sim/api.hpp"
#include "sim/step/step.hpp"
#include "sim/uncertainty/step_band.hpp"

namespace sextant::sim {

namespace {

/// Lengths spread samples over micro-batches unevenly and the tail is not known: the half width of generation's own
/// part, of its logarithm. From the rows of `sextant validate --rl`.
constexpr double generation_half_width = 0.30;

/// Samples packed to the length of a micro-batch, as one batch of sequences of the mean length.
Run training_run(Run run, const RlWork& rl) {
  const double length = rl.samples.prompt_tokens + rl.samples.response_tokens;
  // Sequence and context parallelism want a length that they divide.
  const int unit = std::max(1, run.parallelism.tp * run.parallelism.cp * 2);
  run.batch.seq_len = std::max(unit, static_cast<int>(std::lround(length / unit)) * unit);
  run.batch.global_sequences = rl.minibatch_sequences;
  const int most = std::max(1, rl.minibatch_sequences / std::max(1, run.parallelism.dp));
  const int packed =
      rl.packed_tokens ? static_cast<int>(*rl.packed_tokens / run.batch.seq_len) : run.batch.micro_sequences;
  run.batch.micro_sequences = std::clamp(packed, 1, most);
  return run;
}

/// Bytes of the weights on their way: 16 bits, which an engine of narrower weights quantises itself.
Bytes weights_of(const Run& run) {
  constexpr double weight_bytes = 2;
  return Bytes{models::parameter_counts(run.model).total * weight_bytes};
}

}  // namespace

Seconds forward_time(const StepEstimate& step) {
  const Terms& t = step.terms;
  const Seconds once =
      t[Term::gradient_comm] + t[Term::optimizer] + t[Term::fixed] + t[Term::accumulation] + t[Term::recompute];
  constexpr double share = 1.0 / 3.0;
  return (step.time - once) * share;
}

RlStep rl_step(const Run& stated, const RlWork& rl, const Calibration& calibration) {
  RlStep out;
  const Run run = training_run(stated, rl);
  const StepEstimate step = evaluate(run, calibration.parameters);
  const ServingEngine& engine = rl.generation.engine;
  const double trained = rl.samples.count / std::max(1, rl.minibatch_sequences);
  const Seconds forward = forward_time(step) * engine.training_slowdown;
  out.training = step.time * (trained * rl.epochs * rl.trained_models() * engine.training_slowdown);
  out.log_probs = forward * (trained * rl.forward_passes());
  out.reward = forward * (trained * rl.reward_tokens_share * rl.generated_share);

  Samples samples = rl.samples;
  samples.count *= rl.generated_share;
  const double in_flight = rl.separate ? std::max(1, rl.policy_lag) : 1;
  out.detail = generation_time(run, samples, rl.generation, in_flight, !rl.separate);
  out.generation = out.detail.total;
  out.refit = weights_of(run) / (rl.separate ? engine.refit_separate : engine.refit);
  out.fixed = engine.round;
  const Seconds training_side = out.training + out.log_probs + out.reward;
  if (rl.separate && rl.policy_lag > 0) {
    out.waiting = max(out.generation, training_side) - min(out.generation, training_side);
    out.total = max(out.generation, training_side);
  } else {
    out.total = out.generation + training_side;
  }
  out.total += out.refit + out.fixed;
  const double generated = std::min(1.0, out.generation / out.total);
  const double stepped = step_uncertainty(run, step, calibration).half_width;
  out.half_width = std::hypot(generated * generation_half_width, (1 - generated) * stepped);
  return out;
}

}  // namespace sextant::sim
