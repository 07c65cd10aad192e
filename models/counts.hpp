// SPDX-License-Identifier: Apache-2.0
// Exact parameter counts and FLOPs per token of a model.
#pragma once

#include "base/quantity.hpp"
#include "models/model_spec.hpp"

namespace sextant::models {

/// Parameters of one layer, by where parallelism puts them.
struct LayerParameters {
  double attention = 0;       ///< projections, split over tp
  double mlp = 0;             ///< dense MLP and shared experts, split over tp
  double experts = 0;         ///< all routed experts, split over ep x etp
  double router = 0;          ///< replicated
  double norms = 0;           ///< norms and biases that every rank holds
  double active_experts = 0;  ///< the routed experts one token uses

  [[nodiscard]] double total() const { return attention + mlp + experts + router + norms; }
  [[nodiscard]] double active() const { return attention + mlp + active_experts + router + norms; }
};

[[nodiscard]] LayerParameters parameters(const ModelSpec& model, const Layer& layer);

struct ParameterCounts {
  double total = 0;                     ///< without MTP, as model cards print it
  double active = 0;                    ///< per token, embedding and head included
  double active_without_embedding = 0;  ///< active, less the input lookup; the head stays because it multiplies
  double non_embedding = 0;             ///< total, less embedding and head, as Qwen's model cards print it
  double mtp = 0;                       ///< parameters of the MTP modules that they do not share with the model
  double embedding = 0;                 ///< input embedding (and learned positions)
  double head = 0;                      ///< output head; 0 when tied

  /// Active, less embedding and head: what some publishers call activated parameters (GPT-OSS).
  [[nodiscard]] double active_non_embedding() const { return active - embedding - head; }
};

[[nodiscard]] ParameterCounts parameter_counts(const ModelSpec& model);

/// How a publisher counts model FLOPs. All count 2 FLOPs a multiply-add and a backward of twice the forward.
struct FlopConvention {
  bool causal = true;      ///< attention over the lower triangle only; false: the full square
  bool head = true;        ///< the output head's matrix
  bool mtp = false;        ///< the MTP modules
  bool recompute = false;  ///< a second forward, as hardware FLOPs (HFU) under full recompute
};

/// Forward and backward FLOPs for one token of a sequence of `seq_len` tokens.
[[nodiscard]] Flops flops_per_token(const ModelSpec& model, int seq_len, FlopConvention convention = {});

/// 6 x active parameters without embedding.
[[nodiscard]] Flops six_n_flops_per_token(const ModelSpec& model);

/// Bytes of key-value cache one token leaves in bf16 (MLA: the compressed latent).
[[nodiscard]] Bytes kv_cache_per_token(const ModelSpec& model);

}  // namespace sextant::models
