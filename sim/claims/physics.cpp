// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/physics.hpp"

#include "models/counts.hpp"

namespace sextant::sim {

FlopRate sixteen_bit_peak(const hardware::Accelerator& gpu) {
  return gpu.peak.bf16.value() > 0 ? gpu.peak.bf16 : gpu.peak.fp16;
}

FlopRate dense_peak(const hardware::Accelerator& gpu, Precision precision) {
  const FlopRate wide = sixteen_bit_peak(gpu);
  switch (precision) {
    case Precision::bf16:
    case Precision::fp16: return wide;
    case Precision::fp8:
    case Precision::fp8_blockwise:
    case Precision::mxfp8: return max(wide, gpu.peak.fp8);
    case Precision::nvfp4: return max(max(wide, gpu.peak.fp8), gpu.peak.fp4);
  }
  return wide;
}

FlopRate fastest_peak(const hardware::Accelerator& gpu) { return dense_peak(gpu, Precision::fp8); }

double claimed_flops_per_token(const models::Claim& claim, const models::Model* model, int seq_len) {
  constexpr double billion = 1e9;
  if (model != nullptr) return models::flops_per_token(model->spec, seq_len).value();
  if (claim.model.params_active_b) return 6 * *claim.model.params_active_b * billion;
  if (claim.model.params_total_b && claim.model.kind != models::StatedKind::moe) {
    return 6 * *claim.model.params_total_b * billion;
  }
  return 0;
}

double hours_at(double flops, FlopRate rate) {
  constexpr double seconds_per_hour = 3600;
  return rate.value() > 0 ? flops / rate.value() / seconds_per_hour : 0;
}

}  // namespace sextant::sim
