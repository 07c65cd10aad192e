// SPDX-License-Identifier: Apache-2.0
#include "sim/claims/scope.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace sextant::sim {

namespace {

using models::Claim;
using models::ClaimStage;

/// The stages a line speaks of, as bits of the enumeration.
constexpr std::uint32_t bit(ClaimStage s) { return 1U << static_cast<unsigned>(s); }
constexpr std::uint32_t every_stage = ~0U;
constexpr std::uint32_t on_top_of_a_base =
    bit(ClaimStage::context_extension) | bit(ClaimStage::sft) | bit(ClaimStage::rl) | bit(ClaimStage::distillation);

struct Line {
  std::uint32_t stages;
  bool throughput_only;
  std::string_view word;  ///< a claim that has it has said so itself
  std::string_view text;
};

constexpr std::array<Line, 7> table{{
    {bit(ClaimStage::pretrain), false, "context", "context extension and post-training"},
    {on_top_of_a_base, false, "base model", "pre-training of the base model"},
    {every_stage, true, "restart", "interruptions and restarts: 2 to 20 % of a bill in published runs"},
    {every_stage, false, "ablation", "ablations, scaling studies, trial and failed runs"},
    {every_stage, false, "data", "collecting, cleaning and generating data"},
    {every_stage, false, "staff", "staff"},
    {every_stage, false, "capex", "buying and building the cluster (capex), its storage, its idle hours"},
}};

// Cottier et al., The rising costs of training frontier AI models (arXiv:2405.21015): over the development of four
// frontier models staff took 29 to 49 % of the cost, computing hardware 47 to 64 %, energy 2 to 6 %; all experiments
// together used 1.2 to 4 times the final run's compute (the last from memory).
constexpr std::array<Multiplier, 2> published{{
    {"compute of all experiments, the final run included", 1.2, 4.0, "arXiv:2405.21015, from memory"},
    {"staff of research and development, over the cost of computing hardware", 29.0 / 64, 49.0 / 47,
     "arXiv:2405.21015, shares of four frontier models"},
}};

bool mentions(const std::vector<std::string>& texts, std::string_view word) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& t) { return t.find(word) != std::string::npos; });
}

}  // namespace

std::span<const Multiplier> multipliers() { return published; }

Scope scope_of(const Claim& claim) {
  Scope scope{claim.covers, claim.leaves_out};
  if (scope.covers.empty()) scope.covers.push_back(std::string(models::name(claim.stage)));
  for (const Line& line : table) {
    if ((line.stages & bit(claim.stage)) == 0) continue;
    if (line.throughput_only && claim.hours_are != models::HoursAre::throughput) continue;
    if (mentions(claim.covers, line.word) || mentions(claim.leaves_out, line.word)) continue;
    scope.leaves_out.emplace_back(line.text);
  }
  return scope;
}

}  // namespace sextant::sim
