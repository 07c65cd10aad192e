// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/baseline.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "models/counts.hpp"
#include "sim/uncertainty/evidence.hpp"
#include "sim/validation/error_summary.hpp"

namespace sextant::sim {

Seconds time_at_peak(const Run& run) {
  const hardware::Peaks& peak = run.cluster.gpu.peak;
  const FlopRate rate = peak.bf16.value() > 0 ? peak.bf16 : peak.fp16;
  const double tokens = static_cast<double>(run.batch.global_sequences) * run.batch.seq_len;
  const Flops work = models::flops_per_token(run.model, run.batch.seq_len) * tokens;
  return work / (rate * static_cast<double>(run.cluster.gpus));
}

Seconds ideal_step(const Run& run) {
  const Parallelism& p = run.parallelism;
  return time_at_peak(run) * (1.0 + (p.pp - 1) / (run.microbatches() * p.vp));
}

std::string baseline_class(const Run& run) {
  return std::string(name_of(run.cluster.gpu.architecture)) +
         (is_eight_bit_or_less(run.precision) ? "/fp8" : "/16-bit") + (run.model.has_experts() ? "/moe" : "/dense");
}

double Baselines::of_class(const std::string& group) const {
  const auto found = by_class.find(group);
  return found == by_class.end() ? one : found->second;
}

Baselines fit_baselines(std::span<const BaselineRow> rows) {
  std::vector<double> all;
  std::map<std::string, std::vector<double>> classes;
  for (const BaselineRow& row : rows) {
    all.push_back(std::log(row.measured / row.ideal));
    classes[row.group].push_back(all.back());
  }
  Baselines b;
  if (!all.empty()) b.one = std::exp(quantile(std::move(all), 0.5));
  for (auto& [group, logs] : classes) b.by_class[group] = std::exp(quantile(std::move(logs), 0.5));
  return b;
}

}  // namespace sextant::sim
