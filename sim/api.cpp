// SPDX-License-Identifier: Apache-2.0
#include "sim/api.hpp"

#include <fmt/format.h>

#include "models/counts.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim {

namespace {

/// Forward FLOPs of the operators that recompute redoes, over those of all: the same on every rank.
double recomputed_share(const Run& run) {
  const Recompute& r = run.recompute;
  switch (r.mode) {
    case RecomputeMode::none: return 0.0;
    case RecomputeMode::full: return 1.0;
    case RecomputeMode::block: {
      const double stages = virtual_stages(run.parallelism);
      return std::min(1.0, r.layers * stages / std::max(1, run.model.layers()));
    }
    case RecomputeMode::selective: break;
  }
  double all = 0;
  double redone = 0;
  for (int i = 0; i < run.model.layers(); ++i) {
    for (const Op& op : expand_layer(run, run.model.layer(i), 1.0)) {
      double flops = 0;
      if (op.kind == OpKind::linear || op.kind == OpKind::grouped_linear) flops = op.count * op.gemm.flops().value();
      if (op.kind == OpKind::core_attention) flops = op.attention.causal_flops().value();
      all += flops;
      if (op.has_module && r.modules.has(op.module)) redone += flops;
    }
  }
  return all > 0 ? redone / all : 0.0;
}

FlopRate sixteen_bit_peak(const hardware::Accelerator& gpu) {
  return gpu.peak.bf16 > FlopRate{} ? gpu.peak.bf16 : gpu.peak.fp16;
}

std::string_view name_of(Precision wanted) {
  for (const auto& [name, value] : precision_names) {
    if (value == wanted) return name;
  }
  return "";
}

std::optional<Infeasible> precision_fault(const Run& run) {
  const Precision nearest = nearest_precision(run.cluster.gpu, run.precision);
  if (nearest == run.precision) return std::nullopt;
  return Infeasible{Infeasible::Kind::divisibility, "precision",
                    fmt::format("the {} does not compute in {}", run.cluster.gpu.id, name_of(run.precision)),
                    fmt::format("precision {}", name_of(nearest))};
}

}  // namespace

Precision nearest_precision(const hardware::Accelerator& gpu, Precision wanted) {
  const hardware::Peaks& peak = gpu.peak;
  const FlopRate none{};
  if (wanted == Precision::nvfp4 && !(peak.fp4 > none)) wanted = Precision::mxfp8;
  if (wanted == Precision::mxfp8 && gpu.architecture != hardware::Architecture::blackwell) wanted = Precision::fp8;
  if (is_eight_bit_or_less(wanted) && !(peak.fp8 > none)) wanted = Precision::bf16;
  if (wanted == Precision::bf16 && !(peak.bf16 > none)) wanted = Precision::fp16;
  return wanted;
}

FlopCounts flop_counts(const Run& run) {
  using models::flops_per_token;
  const int s = run.batch.seq_len;
  FlopCounts f;
  f.model = flops_per_token(run.model, s);
  f.full_attention = flops_per_token(run.model, s, {.causal = false});
  f.with_mtp = flops_per_token(run.model, s, {.mtp = true});
  f.six_n = models::six_n_flops_per_token(run.model);
  // Forward FLOPs of the layers are a third; the head is not redone.
  f.hardware = f.with_mtp + flops_per_token(run.model, s, {.head = false}) * (recomputed_share(run) / 3.0);
  return f;
}

Efficiency efficiency(const Run& run, Seconds step_time) {
  Efficiency e;
  const double tokens = static_cast<double>(run.batch.global_sequences) * run.batch.seq_len;
  e.tokens_per_s_per_gpu = tokens / (step_time.value() * run.cluster.gpus);
  e.flops_per_token = flop_counts(run);
  e.model_rate = FlopRate{e.flops_per_token.model.value() * e.tokens_per_s_per_gpu};
  e.peak = sixteen_bit_peak(run.cluster.gpu);
  e.mfu = e.share(e.flops_per_token.model);
  e.hfu = e.share(e.flops_per_token.hardware);
  return e;
}

Prediction predict(const Run& run, const Calibration& calibration) {
  Prediction p;
  p.step = evaluate(run, calibration.parameters);
  p.uncertainty = step_uncertainty(run, p.step, calibration);
  p.band = band_around(p.step.time, p.uncertainty.half_width);
  p.memory = memory(run);
  p.efficiency = efficiency(run, p.step.time);
  p.coverage = step_coverage(run, calibration.parameters);
  p.obstacles = layout_faults(run);
  if (auto fault = precision_fault(run)) p.obstacles.push_back(std::move(*fault));
  if (p.obstacles.empty()) {
    if (auto fault = memory_fault(run, p.memory)) p.obstacles.push_back(std::move(*fault));
  }
  return p;
}

}  // namespace sextant::sim
