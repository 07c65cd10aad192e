// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/campaign.hpp"

namespace sextant::sim {

std::string_view name_of(StageKind kind) {
  for (const auto& [name, value] : stage_kind_names) {
    if (value == kind) return name;
  }
  return "";
}

double RlWork::forward_passes() const {
  switch (algorithm) {
    case RlAlgorithm::grpo: return 2;  // old policy and reference (arXiv:2402.03300, eq. 3)
    case RlAlgorithm::dapo: return 1;  // no reference: the KL term is dropped (arXiv:2503.14476)
    case RlAlgorithm::ppo: return 3;   // old policy, reference, values
  }
  return 2;
}

double RlWork::trained_models() const { return algorithm == RlAlgorithm::ppo ? 2 : 1; }

double Stage::tokens() const {
  if (rl) {
    return rl->rollouts * rl->samples.count * rl->epochs * (rl->samples.prompt_tokens + rl->samples.response_tokens);
  }
  return tokens_of(slices);
}

}  // namespace sextant::sim
