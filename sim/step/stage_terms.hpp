// SPDX-License-Identifier: Apache-2.0
// What one micro-batch on one virtual stage consists of, pass by pass.
#pragma once

#include "sim/run/run.hpp"
#include "sim/step/step_parts.hpp"
#include "sim/step/terms.hpp"

namespace sextant::sim {

/// Of what a stage does beside its layers, the share that belongs to the forward pass: of the three products of a head
/// or a projection (GEMM) one, of lookups, sends and the engine's upkeep half, of what follows the gradients nothing.
[[nodiscard]] constexpr double forward_share_beside_layers(Term term) {
  switch (term) {
    case Term::head:
    case Term::gemm: return 1.0 / 3.0;
    case Term::embedding:
    case Term::engine:
    case Term::pipeline_comm: return 0.5;
    default: return 0.0;
  }
}

struct StagePasses {
  Terms forward;
  Terms backward;  ///< weight gradients included
};

/// Their sums are the times that the pipeline takes for the stage.
[[nodiscard]] StagePasses stage_passes(const Run& run, const StepParts& parts, int virtual_stage);

}  // namespace sextant::sim
