// SPDX-License-Identifier: Apache-2.0
// The floor below which no run can go: its FLOPs at the peak of the data sheet.
#pragma once

#include "hardware/accelerator.hpp"
#include "models/claim.hpp"
#include "models/model.hpp"
#include "sim/run/options.hpp"

namespace sextant::sim {

/// Dense peak of the format that a run's GEMMs use; the widest narrower one the GPU has where it lacks the format.
[[nodiscard]] FlopRate dense_peak(const hardware::Accelerator& gpu, Precision precision);

/// The fastest format training uses at the GPU's time: FP8 where there is one.
[[nodiscard]] FlopRate fastest_peak(const hardware::Accelerator& gpu);

/// Dense bf16, or fp16 where there is none: what utilisation is relative to.
[[nodiscard]] FlopRate sixteen_bit_peak(const hardware::Accelerator& gpu);

/// Forward and backward FLOPs of a token: exact for a known structure, 6 x active parameters where only those are
/// stated, 0 where nothing is.
[[nodiscard]] double claimed_flops_per_token(const models::Claim& claim, const models::Model* model, int seq_len);

/// GPU-hours of so many FLOPs at a rate.
[[nodiscard]] double hours_at(double flops, FlopRate rate);

}  // namespace sextant::sim
