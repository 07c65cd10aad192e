// SPDX-License-Identifier: Apache-2.0
// How much of a run's arithmetic lies near kernels that were measured on its GPU.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/quantity.hpp"
#include "hardware/kernel_names.hpp"
#include "sim/kernel/measured.hpp"
#include "sim/parameters/parameters.hpp"
#include "sim/run/run.hpp"
#include "sim/step/terms.hpp"
#include "sim/workload/op.hpp"

namespace sextant::sim {

/// One pass of one product or attention of the run, and what was measured near it.
struct KernelEvidence {
  Term term = Term::gemm;
  OpName op = OpName::core;
  int kind = -1;  ///< of layer, an index into ModelSpec::kinds; -1: the output head and what lies beside it
  hardware::KernelPass pass = hardware::KernelPass::fwd;
  std::optional<hardware::KernelQuery> query{};  ///< nothing: no profile holds kernels of its sort
  Flops flops{};                                 ///< of one micro-batch, all layers of the kind
  std::optional<MeasuredTime> near{};
  bool timed = false;  ///< its measured time is the step's
};

/// Every GEMM and attention, forward and both gradients, as one rank runs it for one micro-batch. What recompute
/// repeats is not counted again. Answers point into `run.measured`.
[[nodiscard]] std::vector<KernelEvidence> kernel_evidence(const Run& run, const Parameters& parameters);

/// Shares of the FLOPs of some kernels.
struct Coverage {
  double measured = 0;  ///< near a shape that was measured on the part
  double timed = 0;     ///< of them those whose measured time is the step's
  double distance = 0;  ///< of the near ones, weighted by FLOPs; in factors of two

  struct Part {
    std::string profile;  ///< id
    double share = 0;
    double distance = 0;  ///< weighted by FLOPs
    bool timed = false;
  };
  std::vector<Part> parts;  ///< `measured` by profile, largest first
};

/// Of all kernels, or of those of one term.
[[nodiscard]] Coverage coverage(const std::vector<KernelEvidence>& evidence, std::optional<Term> term = std::nullopt);

/// The terms that are made of GEMMs and attention.
inline constexpr std::array<Term, 4> measurable_terms{Term::gemm, Term::grouped_gemm, Term::attention, Term::head};

struct StepCoverage {
  Coverage all;
  std::array<Coverage, measurable_terms.size()> terms;

  [[nodiscard]] const Coverage* of(Term term) const {
    for (std::size_t i = 0; i < measurable_terms.size(); ++i) {
      if (measurable_terms[i] == term) return &terms[i];
    }
    return nullptr;
  }
};
[[nodiscard]] StepCoverage step_coverage(const Run& run, const Parameters& parameters);

}  // namespace sextant::sim
