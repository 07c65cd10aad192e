// SPDX-License-Identifier: Apache-2.0
// What programs over the simulator use: a run in, a prediction out.
#pragma once

#include <string>
#include <vector>

#include "base/band.hpp"
#include "base/quantity.hpp"
#include "sim/memory/feasibility.hpp"
#include "sim/memory/memory.hpp"
#include "sim/parameters/calibration.hpp"
#include "sim/run/run.hpp"
#include "sim/run/stated_run.hpp"
#include "sim/step/coverage.hpp"
#include "sim/step/step.hpp"
#include "sim/uncertainty/step_band.hpp"

namespace sextant::sim {

/// FLOPs of a run by the conventions publishers use. All per token, forward and backward.
struct FlopCounts {
  Flops model;           ///< causal attention, no recompute
  Flops full_attention;  ///< the whole square
  Flops with_mtp;        ///< causal, multi-token-prediction modules counted
  Flops six_n;           ///< 6 x active parameters without embedding
  Flops hardware;        ///< model FLOPs of everything trained, and what is recomputed
};

/// Throughput and the shares of the dense 16-bit peak that it means.
struct Efficiency {
  double tokens_per_s_per_gpu = 0;
  FlopCounts flops_per_token;
  FlopRate model_rate;  ///< of one GPU
  FlopRate peak;        ///< dense bf16 (fp16 where there is none)
  double mfu = 0;
  double hfu = 0;

  /// Share of the peak under another count.
  [[nodiscard]] double share(Flops per_token) const { return per_token.value() * tokens_per_s_per_gpu / peak.value(); }
};

struct Prediction {
  StepEstimate step;
  StepUncertainty uncertainty;  ///< why the band is as wide as it is
  Band<Seconds> band;           ///< 80 % band of the step time
  MemoryEstimate memory;
  Efficiency efficiency;
  StepCoverage coverage;              ///< by kernels measured on the GPU
  std::vector<Infeasible> obstacles;  ///< layout first, then memory; empty: the run can be

  [[nodiscard]] bool feasible() const { return obstacles.empty(); }
};

/// Time, memory, efficiency and feasibility of one step. An infeasible run is predicted all the same.
[[nodiscard]] Prediction predict(const Run& run, const Calibration& calibration);

/// The precision a GPU can compute in that is nearest to the one asked for; the same where it has the format.
[[nodiscard]] Precision nearest_precision(const hardware::Accelerator& gpu, Precision wanted);

[[nodiscard]] FlopCounts flop_counts(const Run& run);
[[nodiscard]] Efficiency efficiency(const Run& run, Seconds step_time);

}  // namespace sextant::sim
