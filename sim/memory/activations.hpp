// SPDX-License-Identifier: Apache-2.0
// What one layer and one micro-batch leave in a rank's memory for the backward pass.
#pragma once

#include "sim/run/run.hpp"

namespace sextant::sim {

struct LayerActivations {
  Bytes kept;      ///< until the backward pass, where the layer is not recomputed in full
  Bytes boundary;  ///< the layer's input: all that stays under full recompute
  Bytes dropped;   ///< what selective recompute drops and brings back
  Bytes working;   ///< gradients that live while the layer's backward pass runs

  /// What full recompute brings back.
  [[nodiscard]] Bytes inside() const { return kept + dropped - boundary; }
};

/// Korthikanti et al. (arXiv:2205.05198) counted operator by operator, so that grouped-query and latent attention,
/// gated MLPs, experts, fused kernels and FP8 copies come out as they are stored. Independent of pp, dp and the
/// schedule.
[[nodiscard]] LayerActivations layer_activations(const Run& run, const models::Layer& layer);

/// Whether the run drops hidden states and attention scores at random: the stack's recipes do so, and the model has
/// LayerNorm (GPT recipes to 2022; models with RMSNorm have been trained without).
[[nodiscard]] bool trains_with_dropout(const Run& run);

/// Bytes of an element of a GEMM's input as kept for the weight gradient.
[[nodiscard]] double linear_input_bytes(const Run& run);

}  // namespace sextant::sim
