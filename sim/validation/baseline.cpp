// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/baseline.hpp"

#include <cmath>
#include <map>

#include "models/counts.hpp"
#include "sim/uncertainty/evidence.hpp"
#include "sim/validation/error_summary.hpp"

namespace sextant::sim {

Seconds ideal_step(const Run& run) {
  const hardware::Peaks& peak = run.cluster.gpu.peak;
  const FlopRate rate = peak.bf16.value() > 0 ? peak.bf16 : peak.fp16;
  const double tokens = static_cast<double>(run.batch.global_sequences) * run.batch.seq_len;
  const Flops work = models::flops_per_token(run.model, run.batch.seq_len) * tokens;
  const Parallelism& p = run.parallelism;
  const double bubble = 1.0 + (p.pp - 1) / (run.microbatches() * p.vp);
  return work / (rate * static_cast<double>(run.cluster.gpus)) * bubble;
}

std::string baseline_class(const Run& run) {
  return std::string(name_of(run.cluster.gpu.architecture)) +
         (is_eight_bit_or_less(run.precision) ? "/fp8" : "/16-bit") + (run.model.has_experts() ? "/moe" : "/dense");
}

std::vector<double> baseline_errors(std::span<const BaselineRow> rows) {
  std::map<std::string, std::vector<double>> logs;
  for (const BaselineRow& row : rows) logs[row.group].push_back(std::log(row.measured / row.ideal));
  std::map<std::string, double> slowdown;
  for (auto& [group, list] : logs) slowdown[group] = std::exp(quantile(list, 0.5));
  std::vector<double> errors;
  errors.reserve(rows.size());
  for (const BaselineRow& row : rows) errors.push_back(row.ideal * slowdown[row.group] / row.measured - 1.0);
  return errors;
}

}  // namespace sextant::sim
