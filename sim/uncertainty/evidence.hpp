// SPDX-License-Identifier: Apache-2.0
// What the calibration has seen, by kind of run, and how near a given run is to it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "hardware/accelerator.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

[[nodiscard]] std::string_view name_of(hardware::Architecture architecture);

/// Bits of the narrowest GEMM inputs of a precision.
[[nodiscard]] int bits_of(Precision precision);

/// The kind of one run, as one row.
[[nodiscard]] Evidence kind_of(const Run& run);

[[nodiscard]] bool same_kind(const Evidence& a, const Evidence& b);

/// Where a run lies among others, in doublings, to the nearest half: GPUs, hidden size, sequence length, tokens of a
/// micro-batch, tp, pp.
[[nodiscard]] std::vector<double> place_of(const Run& run);

/// Counts a run among the rows of its kind; the rows stay in order.
void add_evidence(std::vector<Evidence>& rows, const Run& run);

/// How much of a run's kind the calibration has seen.
struct Familiarity {
  bool hardware = false;   ///< the GPU's architecture
  bool stack = false;      ///< the stack, on whatever GPU
  bool precision = false;  ///< GEMM inputs that narrow, on that architecture
  int rows = 0;            ///< of the same stack, architecture, width and dense or MoE
  int largest_gpus = 0;    ///< over all rows of that architecture
  int longest_sequence = 0;
  double distance = 0;  ///< of the nearest row of the architecture, dense or MoE and, where it has any, the stack: in
                        ///< doublings over all axes of place_of(); 0 where there is no such row
};

/// `kind` has one point: the run's own.
[[nodiscard]] Familiarity familiarity(const Evidence& kind, std::span<const Evidence> seen);

}  // namespace sextant::sim
