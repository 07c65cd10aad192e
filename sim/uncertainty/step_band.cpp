// SPDX-License-Identifier: Apache-2.0
#include "sim/uncertainty/step_band.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "sim/uncertainty/evidence.hpp"

namespace sextant::sim {

namespace {

enum class Why : std::uint8_t {
  dense,
  experts,
  new_stack,
  new_hardware_dense,
  new_hardware_experts,
  new_precision,
  few_rows,
  routing_unknown,
  host_bound_dense,
  host_bound_experts,
  recompute_unknown,
  larger,
  longer,
  count_
};

constexpr std::string_view left_out = "errors of rows left out of the fit by model and by publisher";
constexpr std::string_view specifications = "Blackwell rows predicted from specifications";

constexpr std::array<Regime, static_cast<std::size_t>(Why::count_)> table{{
    {"dense", 0.09, "dense model", left_out},
    {"moe", 0.20, "mixture of experts: releases of one stack differ by up to 2x", left_out},
    {"new-stack", 0.095, "no row of this software stack was calibrated", left_out},
    {"new-hardware", 0.18, "no row of this GPU architecture was calibrated", specifications},
    {"new-hardware-moe", 0.45, "no row of this GPU architecture was calibrated", specifications},
    {"new-precision", 0.10, "no row of this precision on this architecture was calibrated", left_out},
    {"few-rows", 0.06, "fewer than five rows of this stack, GPU, precision and kind", left_out},
    {"routing-unknown", 0.20, "the run does not say how tokens find experts", left_out},
    {"host-bound", 0.13, "the host launches kernels slower than the GPU runs them", left_out},
    {"host-bound-moe", 0.22, "the host launches kernels slower than the GPU runs them", left_out},
    {"recompute-unknown", 0.08, "the run does not say what is recomputed", left_out},
    {"larger", 0.02, "more GPUs than any calibrated row, for each doubling", left_out},
    {"longer", 0.04, "longer sequences than any calibrated row, for each doubling", left_out},
}};

constexpr int few_rows = 5;
constexpr double host_bound_share = 0.25;  // of the step at which the whole widening applies

class Widenings {
 public:
  void add(Why why, double times = 1.0) {
    if (!(times > 0)) return;
    const Regime& regime = table[static_cast<std::size_t>(why)];
    const double width = regime.half_width * times;
    squares_ += width * width;
    result_.parts.push_back({&regime, width});
  }

  [[nodiscard]] StepUncertainty result() {
    result_.half_width = std::log1p(std::sqrt(squares_));
    return std::move(result_);
  }

 private:
  StepUncertainty result_;
  double squares_ = 0;
};

double doublings(double value, double seen) { return seen > 0 && value > seen ? std::log2(value / seen) : 0.0; }

void unfamiliar(const Run& run, const Calibration& calibration, Widenings& w) {
  const Familiarity f = familiarity(kind_of(run), calibration.evidence);
  const bool experts = run.model.has_experts();
  if (!f.stack) w.add(Why::new_stack);
  if (!f.hardware) {
    w.add(experts ? Why::new_hardware_experts : Why::new_hardware_dense);
  } else if (!f.precision) {
    w.add(Why::new_precision);
  }
  if (f.stack && f.hardware && f.rows < few_rows) w.add(Why::few_rows);
  w.add(Why::larger, doublings(run.cluster.gpus, f.largest_gpus));
  w.add(Why::longer, doublings(run.batch.seq_len, f.longest_sequence));
}

}  // namespace

std::span<const Regime> regimes() { return table; }

StepUncertainty step_uncertainty(const Run& run, const StepEstimate& estimate, const Calibration& calibration) {
  Widenings w;
  const bool experts = run.model.has_experts();
  w.add(experts ? Why::experts : Why::dense);
  unfamiliar(run, calibration, w);
  if (experts && run.routing == Routing::unknown) w.add(Why::routing_unknown);
  const double host = estimate.terms[Term::host] / estimate.time;
  w.add(experts ? Why::host_bound_experts : Why::host_bound_dense, std::clamp(host / host_bound_share, 0.0, 1.0));
  if (run.recompute.silent) w.add(Why::recompute_unknown);
  return w.result();
}

std::vector<std::string> StepUncertainty::why() const {
  std::vector<std::string> lines;
  for (const Widening& part : parts) {
    if (part.half_width < 0.005) continue;
    lines.push_back(fmt::format("+-{:.0f} %: {}", 100.0 * part.half_width, part.regime->why));
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
