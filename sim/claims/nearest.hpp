// SPDX-License-Identifier: Apache-2.0
// The published measurements most like a claim.
#pragma once

#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "hardware/accelerator.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

/// What two runs are compared by.
struct Likeness {
  double active_parameters = 0;
  double total_parameters = 0;
  bool experts = false;
  std::string model;
  std::string gpu;  ///< catalogue id
  hardware::Architecture architecture = hardware::Architecture::hopper;
  int gpus = 0;
  int bits = 16;
};

[[nodiscard]] Likeness likeness_of(const Run& run);

/// 0 for the same model, GPU, scale and precision: doublings of active parameters, half as much for total ones, a
/// quarter for GPUs; 2 between dense and MoE, 1 between architectures, 0.5 between precisions, 0.25 between GPUs of one
/// architecture.
[[nodiscard]] double distance(const Likeness& a, const Likeness& b);

struct Neighbour {
  std::string id;
  double distance = 0;
  double tokens_per_s_per_gpu = 0;
  double mfu = 0;  ///< measured, causal attention, of the dense 16-bit peak
  std::string publisher;
};

/// The `count` nearest shipped observations, one of each model, GPU and precision.
[[nodiscard]] std::vector<Neighbour> nearest_measured(const Likeness& to, const Catalogue& catalogue, std::size_t count,
                                                      Diagnostics& faults);

}  // namespace sextant::sim
