// SPDX-License-Identifier: Apache-2.0
#include "sim/uncertainty/step_band.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "sim/uncertainty/conflicts.hpp"
#include "sim/uncertainty/evidence.hpp"

namespace sextant::sim {

namespace {

enum class Why : std::uint8_t {
  parameters,
  dense,
  experts,
  new_stack,
  unstated_stack,
  new_hardware_dense,
  new_hardware_experts,
  new_precision,
  few_rows,
  far,
  unmeasured_part,
  narrow,
  exposed,
  routing_unknown,
  host_bound_dense,
  host_bound_experts,
  recompute_unknown,
  larger,
  longer,
  ring_assumed,
  conflict,
  count_
};

constexpr std::string_view left_out = "errors of rows left out of the fit by model and by publisher family";
constexpr std::string_view specifications = "Blackwell rows predicted from specifications";

constexpr std::array<Regime, static_cast<std::size_t>(Why::count_)> table{{
    // For each standard deviation. The learned width is less than a Gaussian's: a row's own error counts in the other
    // regimes already, and priors were stated with room to spare.
    {"parameters", half_width_of_sigma, "calibrated parameters, moving together as their posterior says",
     "covariance of the calibration", true},
    {"dense", 0.06, "what the model of any step leaves out", left_out, true},
    {"moe", 0.10, "mixture of experts: releases of one stack differ by up to 2x", left_out, true},
    {"new-stack", 0.095, "no row of this software stack was calibrated", left_out, true},
    {"stack-unstated", 0.10, "the run does not say which software it ran on",
     "memory-bound rates of calibrated stacks of one year differ by a factor of two, in a fifth of a step", false},
    {"new-hardware", 0.18, "no row of this GPU architecture was calibrated", specifications, false},
    {"new-hardware-moe", 0.45, "no row of this GPU architecture was calibrated", specifications, false},
    {"new-precision", 0.10, "no row of this precision on this architecture was calibrated", left_out, true},
    {"few-rows", 0.06, "fewer than ten rows of this stack, GPU, precision and kind", left_out, true},
    {"far", 0.02, "distance from the nearest calibrated row of its sort, for each doubling", left_out, true},
    {"unmeasured-part", 0.05, "no sustained GEMM rate was measured on this GPU",
     "spread of sustained over peak rates among measured GPUs", false},
    {"narrow", 0.03, "a rank's slice of the hidden width is below 2,048, for each halving: small kernels", left_out,
     true},
    {"exposed", 0.2, "share of the step that waits for communication", left_out, true},
    {"routing-unknown", 0.15, "the run does not say how tokens find experts", left_out, true},
    {"host-bound", 0.13, "the host launches kernels slower than the GPU runs them", left_out, true},
    {"host-bound-moe", 0.22, "the host launches kernels slower than the GPU runs them", left_out, true},
    {"recompute-unknown", 0.08, "the run does not say what is recomputed", left_out, true},
    {"larger", 0.02, "more GPUs than any calibrated row, for each doubling", left_out, true},
    {"longer", 0.04, "longer sequences than any calibrated row, for each doubling", left_out, true},
    // For a whole doubling of time between the two ways: the mean lies between them.
    {"ring-assumed", 0.69, "latents are assumed to travel between context-parallel ranks, not keys and values",
     "half the time that keys and values would add", false},
    {"conflict", 1.0, "published steps of this very configuration disagree", "half of their range", false},
}};

constexpr int few_rows = 10;
constexpr double full_slice = 2048;
constexpr double farthest = 4;             // doublings: rows farther away say no less than none
constexpr double host_bound_share = 0.25;  // of the step at which the whole widening applies

double width_of(const Regime& regime, const Calibration& calibration) {
  for (const LearnedWidth& learned : calibration.widths) {
    if (learned.regime == regime.tag) return learned.half_width;
  }
  return regime.half_width;
}

class Widenings {
 public:
  explicit Widenings(const Calibration& calibration) : calibration_(calibration) {}

  void add(Why why, double amount = 1.0) {
    if (!(amount > 0)) return;
    const Regime& regime = table[static_cast<std::size_t>(why)];
    const double width = width_of(regime, calibration_) * amount;
    squares_ += width * width;
    result_.parts.push_back({&regime, width, amount});
  }

  [[nodiscard]] StepUncertainty result() {
    result_.half_width = std::sqrt(squares_);
    return std::move(result_);
  }

 private:
  const Calibration& calibration_;
  StepUncertainty result_;
  double squares_ = 0;
};

double doublings(double value, double seen) { return seen > 0 && value > seen ? std::log2(value / seen) : 0.0; }

double exposed_share(const StepEstimate& e) {
  using enum Term;
  double sum = 0;
  for (const Term t : {tensor_comm, context_comm, expert_comm, pipeline_comm, shard_comm, gradient_comm})
    sum += e.terms[t] / e.time;
  return sum;
}

/// Doublings of the step's time, halved, if keys and values travelled where latents are assumed to.
double ring_doubt(const Run& run, Seconds time, const Calibration& calibration, StepWorkspace& workspace) {
  const bool latents = std::any_of(run.model.kinds.begin(), run.model.kinds.end(), [](const models::Layer& l) {
    return l.attention.kind == models::Attention::Kind::latent;
  });
  if (run.parallelism.cp == 1 || !run.stack.exchanges_latents || !latents) return 0;
  Run other = run;
  other.stack.exchanges_latents = false;
  return 0.5 * std::abs(std::log2(evaluate(other, calibration.parameters, workspace).time / time));
}

void unfamiliar(const Run& run, const Calibration& calibration, Widenings& w) {
  const Familiarity f = familiarity(kind_of(run), calibration.evidence);
  const bool experts = run.model.has_experts();
  if (!f.stack) w.add(Why::new_stack);
  if (run.stack.id.empty()) w.add(Why::unstated_stack);
  if (!f.hardware) {
    w.add(experts ? Why::new_hardware_experts : Why::new_hardware_dense);
  } else if (!f.precision) {
    w.add(Why::new_precision);
  }
  if (f.stack && f.hardware && f.rows < few_rows) w.add(Why::few_rows);
  w.add(Why::far, std::min(f.distance, farthest));
  if (!run.cluster.gpu.sustained_bf16_gemm) w.add(Why::unmeasured_part);
  w.add(Why::larger, doublings(run.cluster.gpus, f.largest_gpus));
  w.add(Why::longer, doublings(run.batch.seq_len, f.longest_sequence));
}

}  // namespace

std::span<const Regime> regimes() { return table; }

StepUncertainty step_uncertainty(const Run& run, const StepEstimate& estimate, const Calibration& calibration) {
  Widenings w(calibration);
  StepWorkspace workspace;
  const LogFigure log_time = [&](const Parameters& p) { return std::log(evaluate(run, p, workspace).time.value()); };
  std::vector<Response> moved = responses(calibration, log_time);
  w.add(Why::parameters, propagated_sigma(calibration, moved));
  const bool experts = run.model.has_experts();
  w.add(Why::dense);
  if (experts) w.add(Why::experts);
  unfamiliar(run, calibration, w);
  if (experts && run.routing == Routing::unknown) w.add(Why::routing_unknown);
  const double host = estimate.terms[Term::host] / estimate.time;
  w.add(experts ? Why::host_bound_experts : Why::host_bound_dense, std::clamp(host / host_bound_share, 0.0, 1.0));
  const double slice = static_cast<double>(run.model.hidden) / run.parallelism.tp;
  w.add(Why::narrow, doublings(full_slice, slice));
  w.add(Why::exposed, exposed_share(estimate));
  if (run.recompute.silent) w.add(Why::recompute_unknown);
  w.add(Why::ring_assumed, ring_doubt(run, estimate.time, calibration, workspace));
  w.add(Why::conflict, half_range_of(run, calibration.conflicts));
  StepUncertainty result = w.result();
  result.responses = std::move(moved);
  return result;
}

bool StepUncertainty::in(std::string_view tag) const {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const Widening& w) { return w.regime->tag == tag && w.amount >= 0.5; });
}

std::string StepUncertainty::name() const {
  const bool experts = in(table[static_cast<std::size_t>(Why::experts)].tag);
  const std::string kind = experts ? "MoE" : "dense";
  if (in("new-hardware") || in("new-hardware-moe")) return kind + ", new hardware";
  if (in("new-stack")) return kind + ", new stack";
  if (in("host-bound") || in("host-bound-moe")) return kind + ", host-bound";
  if (in("few-rows")) return kind + ", few rows";
  return kind + ", known stack";
}

std::vector<std::string> StepUncertainty::why() const {
  std::vector<std::string> lines;
  for (const Widening& part : parts) {
    if (part.half_width < 0.005) continue;
    lines.push_back(fmt::format("+-{:.0f} %: {}", 100.0 * std::expm1(part.half_width), part.regime->why));
  }
  return lines;
}

Band<Seconds> band_around(Seconds mid, double half_width) {
  return {mid * std::exp(-half_width), mid, mid * std::exp(half_width)};
}

Band<Seconds> step_band(const Run& run, const StepEstimate& estimate, const Calibration& calibration) {
  return band_around(estimate.time, step_uncertainty(run, estimate, calibration).half_width);
}

Band<Seconds> step_band_95(const Run& run, const StepEstimate& estimate, const Calibration& calibration) {
  return band_around(estimate.time, step_uncertainty(run, estimate, calibration).half_width * tail_ratio);
}

}  // namespace sextant::sim
