// SPDX-License-Identifier: Apache-2.0
// A claim's stages one by one, and their sum.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/band.hpp"
#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "models/claim.hpp"
#include "sim/claims/setting.hpp"
#include "sim/claims/simulation.hpp"
#include "sim/kernel/measured.hpp"

namespace sextant::sim {

/// One line of the table claimed against simulated.
struct StageRow {
  std::string name;
  int level = 0;  ///< 1: a part of the stage above it
  double tokens = 0;
  int seq_len = 0;
  std::optional<double> claimed;             ///< GPU-hours
  std::optional<Band<double>> gpu_hours;     ///< simulated, 95 %, goodput included
  bool as_stated = false;                    ///< `gpu_hours` are the claim's own
  std::optional<SimulatedHours> simulation;  ///< of a part
};

/// A whole claim, simulated.
struct SimulatedClaim {
  std::vector<StageRow> rows;
  std::optional<Band<double>> gpu_hours;  ///< sum; nothing when a stage could not be simulated
  double stated_hours = 0;                ///< of the sum, taken as stated
  double tokens = 0;
  double flops = 0;        ///< model FLOPs of the stages whose tokens are known
  double floor_hours = 0;  ///< the same at the peak of the stated precision, else of the GPU's fastest format
  int considered = 0;
  std::vector<std::string> missing;  ///< what a simulation would still need
  std::vector<Assumption> assumptions;
};

struct SimulationInputs {
  const Catalogue& catalogue;
  const Calibration& calibration;
  Diagnostics& faults;
  KernelProfiles profiles{};  ///< times that go before closed forms on their GPUs
};

/// `on_gpu`: another GPU than the claim's, as many of them, with layout and, where it must, precision chosen anew.
[[nodiscard]] SimulatedClaim simulate_claim(const models::Claim& claim, const SimulationInputs& inputs,
                                            const std::string& on_gpu = {});

}  // namespace sextant::sim
