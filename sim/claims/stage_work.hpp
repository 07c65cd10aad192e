// SPDX-License-Identifier: Apache-2.0
// A claim as work to simulate: stretches of tokens at one sequence length, on one cluster.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/catalogue.hpp"
#include "hardware/cluster.hpp"
#include "models/claim.hpp"
#include "models/model.hpp"
#include "sim/campaign/batch_ramp.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

struct StageWork {
  std::string name;
  int seq_len = 0;
  std::vector<BatchSlice> slices;          ///< empty: the tokens are not known
  std::optional<double> stated_gpu_hours;  ///< taken as they stand, not simulated
  bool own_layout = false;  ///< its sequences are not those of the claim's layout, so that need not be its own

  [[nodiscard]] double tokens() const;
  [[nodiscard]] double largest_batch() const;
};

/// Sequence length of a claim: stated, or as long as the model's learned positions, or 2,048 as GPT-3 and LLaMA had it
/// and 4,096 from Llama 2 on. `model` may be null.
[[nodiscard]] int sequence_of(const models::Claim& claim, const models::Model* model);

/// The claim's own stages (claims that are named among them are left out). What is chosen for it is named.
[[nodiscard]] std::vector<StageWork> stages_of(const models::Claim& claim, const models::Model* model,
                                               std::vector<Assumption>& assumptions);

}  // namespace sextant::sim
