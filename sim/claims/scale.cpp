// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/scale.hpp"

#include <optional>

namespace sextant::sim {

models::Claim scaled(models::Claim claim, double factor) {
  using F = models::ClaimedFigures;
  F& f = claim.claimed;
  for (std::optional<double> F::*amount :
       {&F::gpu_hours, &F::gpu_hours_derived, &F::gpu_hours_per_trillion_tokens, &F::gpu_hours_rl,
        &F::gpu_hours_on_policy_distillation, &F::gpu_years, &F::days, &F::cost_usd,
        &F::cost_cny_per_trillion_tokens_low_end, &F::cost_cny_per_trillion_tokens_high_end, &F::energy_mwh}) {
    if (f.*amount) *(f.*amount) *= factor;
  }
  for (std::optional<double> F::*rate : {&F::mfu_pct, &F::hfu_pct, &F::tflops_per_gpu, &F::tokens_per_s_per_gpu}) {
    if (f.*rate) *(f.*rate) /= factor;
  }
  for (auto& [name, tokens] : f.tokens_per_day_b) tokens /= factor;
  for (models::ClaimPart& part : claim.stages) {
    if (part.gpu_hours) *part.gpu_hours *= factor;
  }
  return claim;
}

}  // namespace sextant::sim
