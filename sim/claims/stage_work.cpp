// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/stage_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace sextant::sim {

namespace {

using models::Claim;
using models::ClaimPart;

constexpr double billion = 1e9;

/// Tokens of a batch as published runs of the size had: 0.5 M for GPT-2's size (llm.c), 2 M below 3 B parameters
/// (TinyLlama, Pythia), 4 M above (LLaMA, BLOOM, Llama 2).
double usual_batch_tokens(const Claim& claim) {
  const double parameters = claim.model.params_total_b.value_or(7);
  return parameters < 0.5 ? 0.5e6 : parameters < 3 ? 2e6 : 4e6;
}

/// The batch in sequences; published token counts are round, so a power of two's multiple nearby is meant.
double whole_sequences(double sequences) {
  const double whole = std::max(1.0, std::round(sequences));
  if (std::abs(whole - sequences) < 1e-6 * sequences) return whole;
  const double unit = std::max(1.0, std::exp2(std::floor(std::log2(whole)) - 2));
  return std::max(unit, std::round(sequences / unit) * unit);
}

double batch_of(const Claim& claim, int seq_len, std::vector<Assumption>& assumptions) {
  const double tokens = claim.batch_tokens.value_or(usual_batch_tokens(claim));
  const double sequences = whole_sequences(tokens / seq_len);
  if (!claim.batch_tokens) {
    assumptions.push_back({fmt::format("batches of {:.2g} M tokens", sequences * seq_len / 1e6),
                           "the claim states none; usual for models of its size"});
  }
  return sequences;
}

StageWork work_of(const ClaimPart& part, const Claim& claim, int usual, std::vector<Assumption>& assumptions) {
  StageWork work;
  work.name = part.name;
  work.seq_len = part.seq_len.value_or(usual);
  work.own_layout = claim.stage == models::ClaimStage::context_extension || work.seq_len != usual;
  work.stated_gpu_hours = part.gpu_hours;
  if (part.gpu_hours || (!part.tokens_b && !part.steps)) return work;
  const double last = part.global_sequences ? *part.global_sequences : batch_of(claim, work.seq_len, assumptions);
  const double tokens = part.tokens_b ? *part.tokens_b * billion : *part.steps * last * work.seq_len;
  work.slices = batch_ramp(tokens, part.first_sequences.value_or(last), last);
  return work;
}

}  // namespace

double StageWork::tokens() const { return tokens_of(slices); }

double StageWork::largest_batch() const { return sim::largest_batch(slices); }

int sequence_of(const Claim& claim, const models::Model* model) {
  if (claim.seq_len) return *claim.seq_len;
  if (model != nullptr && model->spec.learned_positions > 0) return model->spec.learned_positions;
  const std::string& date = claim.software_date.empty() ? claim.source.date : claim.software_date;
  return date < "2023-06" ? 2048 : 4096;
}

std::vector<StageWork> stages_of(const Claim& claim, const models::Model* model, std::vector<Assumption>& assumptions) {
  std::vector<StageWork> stages;
  const int usual = sequence_of(claim, model);
  bool length_assumed = false;
  const auto add = [&](const ClaimPart& part) {
    stages.push_back(work_of(part, claim, usual, assumptions));
    length_assumed = length_assumed || (!part.seq_len && !claim.seq_len && !stages.back().slices.empty());
  };
  for (const ClaimPart& part : claim.stages) {
    if (part.claim.empty()) add(part);
  }
  if (claim.stages.empty()) {
    ClaimPart whole;
    whole.name = std::string(models::name(claim.stage));
    whole.tokens_b = claim.tokens_b;
    add(whole);
  }
  if (length_assumed) {
    assumptions.push_back({fmt::format("sequences of {} tokens", usual),
                           "the claim states no length; the model's positions, or what was usual at its date"});
  }
  return stages;
}

}  // namespace sextant::sim
