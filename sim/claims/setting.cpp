// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/setting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "hardware/catalogue.hpp"
#include "sim/claims/physics.hpp"
#include "sim/run/stack_reader.hpp"
#include "sim/run/stated_run.hpp"
#include "sim/uncertainty/evidence.hpp"

namespace sextant::sim {

namespace {

using models::Claim;

constexpr std::size_t most_stacks = 3;
constexpr int months_ahead = 12;  // a publisher's own stack may do what common ones do a year later

/// "YYYY-MM" of the software, or of the publication.
std::string month_of(const Claim& claim) {
  constexpr std::size_t month = 7;
  return (claim.software_date.empty() ? claim.source.date : claim.software_date).substr(0, month);
}

/// "2023-02" and 12 months are "2024-02".
std::string later(const std::string& month, int months) {
  int year = 0;
  int m = 1;
  if (std::sscanf(month.c_str(), "%d-%d", &year, &m) < 1) return month;
  const int all = year * 12 + m - 1 + months;
  return fmt::format("{:04}-{:02}", all / 12, all % 12 + 1);
}

/// Rows the calibration has of each stack, those of other architectures only when it has none of this one.
std::map<std::string, int> rows_by_stack(const ClaimSubject& subject, const Calibration& calibration) {
  const std::string_view architecture = name_of(subject.gpu->architecture);
  const bool experts = subject.model->spec.has_experts();
  std::map<std::string, int> near;
  std::map<std::string, int> all;
  for (const Evidence& row : calibration.evidence) {
    all[row.stack] += row.rows;
    if (row.architecture == architecture && row.experts == experts) near[row.stack] += row.rows;
  }
  return near.empty() ? all : near;
}

std::vector<Precision> likely_precisions(const ClaimSubject& subject) {
  if (const auto stated = stated_precision(subject.claim)) return {*stated};
  const hardware::Peaks& peak = subject.gpu->peak;
  std::vector<Precision> list{peak.bf16.value() > 0 ? Precision::bf16 : Precision::fp16};
  constexpr std::string_view first_fp8_runs = "2023-09";  // FP8-LM, Inflection-2
  if (peak.fp8.value() > 0 && month_of(subject.claim) >= first_fp8_runs) list.push_back(Precision::fp8);
  return list;
}

std::vector<int> likely_cluster_sizes(const ClaimSubject& subject, double tokens) {
  const Claim& claim = subject.claim;
  if (claim.hardware.gpus) return {*claim.hardware.gpus};
  if (claim.claimed.gpus) return {static_cast<int>(std::lround(*claim.claimed.gpus))};
  if (claim.parallelism.tp && claim.parallelism.pp && claim.parallelism.dp) {
    return {*claim.parallelism.tp * *claim.parallelism.pp * *claim.parallelism.dp * claim.parallelism.cp.value_or(1)};
  }
  const int gpus = likely_gpus(subject, tokens);
  return {gpus, std::max(8, gpus / 2)};
}

StatedRun stated_run(const ClaimSubject& subject, const hardware::Cluster& cluster, const std::string& stack,
                     Precision precision) {
  StatedRun run;
  run.model = subject.model;
  run.cluster = cluster;
  run.stack = stack;
  run.stack_stated = true;
  run.precision = precision;
  run.features = subject.claim.features;
  run.software_date = month_of(subject.claim);
  run.batch = StatedBatch{subject.seq_len, 1, 1};
  return run;
}

void name_open_choices(const Claim& claim, const std::vector<std::string>& stacks,
                       const std::vector<Precision>& precisions, const std::vector<int>& sizes,
                       std::vector<Assumption>& assumptions) {
  if (claim.stack.empty()) {
    assumptions.push_back({fmt::format("stack {}", fmt::join(stacks, " or ")),
                           "the claim states none; those the calibration has seen most of on this GPU by its date"});
  }
  if (claim.precision.empty()) {
    std::vector<std::string_view> names;
    for (const Precision p : precisions) {
      for (const auto& [name, value] : precision_names) {
        if (value == p) names.push_back(name);
      }
    }
    assumptions.push_back({fmt::format("precision {}", fmt::join(names, " or ")), "the claim states none"});
  }
  if (sizes.size() > 1) {
    assumptions.push_back({fmt::format("{} GPUs", fmt::join(sizes, " or ")),
                           "the claim states no number; a month or two at 40 % utilisation"});
  }
}

}  // namespace

std::optional<Precision> stated_precision(const Claim& claim) {
  for (const auto& [name, value] : precision_names) {
    if (name == claim.precision) return value;
  }
  return std::nullopt;
}

ClaimSubject subject_of(const Claim& claim, const Catalogue& catalogue) {
  ClaimSubject s{claim, models::model_of_claim(catalogue, claim), std::nullopt, 0, 0};
  Diagnostics unknown_gpu;  // what Sextant does not model is no fault of the claim
  if (!claim.hardware.gpu.empty()) {
    s.gpu = hardware::find_accelerator(catalogue, claim.hardware.gpu, unknown_gpu);
  }
  const models::Model* model = s.model ? &*s.model : nullptr;
  s.seq_len = sequence_of(claim, model);
  s.flops_per_token = claimed_flops_per_token(claim, model, s.seq_len);
  return s;
}

std::vector<std::string> likely_stacks(const ClaimSubject& subject, const Catalogue& catalogue,
                                       const Calibration& calibration, Diagnostics& faults) {
  if (!subject.claim.stack.empty()) return {subject.claim.stack};
  const std::map<std::string, int> rows = rows_by_stack(subject, calibration);
  const std::string month = later(month_of(subject.claim), months_ahead);
  std::vector<Stack> stacks = list_stacks(catalogue, faults);
  const auto count = [&](const Stack& s) {
    const auto found = rows.find(s.id);
    return found == rows.end() ? 0 : found->second;
  };
  std::stable_sort(stacks.begin(), stacks.end(), [&](const Stack& a, const Stack& b) {
    const bool a_young = a.typical_date > month;
    const bool b_young = b.typical_date > month;
    return a_young != b_young ? b_young : count(a) > count(b);
  });
  std::vector<std::string> ids;
  for (const Stack& s : stacks) {
    const bool usable = count(s) > 0 && s.typical_date <= month;
    if (ids.size() < most_stacks && (usable || ids.empty())) ids.push_back(s.id);
  }
  return ids;
}

int likely_gpus(const ClaimSubject& subject, double tokens) {
  constexpr double utilisation = 0.4;
  constexpr double days = 45;
  constexpr double hours_per_day = 24;
  const double hours = hours_at(subject.flops_per_token * tokens, sixteen_bit_peak(*subject.gpu) * utilisation);
  const double gpus = std::clamp(hours / (days * hours_per_day), 8.0, 16384.0);
  return static_cast<int>(std::exp2(std::round(std::log2(gpus))));
}

std::vector<Setting> settings_of(const ClaimSubject& subject, double tokens, const Catalogue& catalogue,
                                 const Calibration& calibration, Diagnostics& faults,
                                 std::vector<Assumption>& assumptions) {
  const Claim& claim = subject.claim;
  const std::vector<std::string> stacks = likely_stacks(subject, catalogue, calibration, faults);
  const std::vector<Precision> precisions = likely_precisions(subject);
  const std::vector<int> sizes = likely_cluster_sizes(subject, tokens);
  name_open_choices(claim, stacks, precisions, sizes, assumptions);
  const Diagnostic place{claim.file.empty() ? "command line" : claim.file, claim.line, "/stack", "", ""};
  std::vector<Setting> settings;
  for (const int gpus : sizes) {
    std::optional<hardware::Cluster> cluster = hardware::usual_cluster(catalogue, *subject.gpu, gpus, faults);
    if (!cluster) return {};
    if (claim.hardware.gpus_per_node) cluster->gpus_per_node = *claim.hardware.gpus_per_node;
    for (const std::string& stack : stacks) {
      for (const Precision precision : precisions) {
        auto run = complete(stated_run(subject, *cluster, stack, precision), catalogue, faults, place);
        if (!run) return {};
        settings.push_back({std::move(*run), stated_layout(claim.parallelism), claim.stack.empty()});
      }
    }
  }
  return settings;
}

}  // namespace sextant::sim
