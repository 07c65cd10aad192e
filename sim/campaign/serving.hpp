// SPDX-License-Identifier: Apache-2.0
// Inference software as data: what shares of the hardware it reaches and what a step costs beside them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/catalogue.hpp"
#include "base/diagnostic.hpp"
#include "base/quantity.hpp"
#include "base/source.hpp"

namespace sextant::sim {

struct ServingEngine {
  std::string id;
  std::string title;
  std::vector<std::string> aliases;
  double hbm_share = 0;      ///< of the peak rate, while weights and KV cache are read
  double gemm_share = 0;     ///< of the dense peak, in GEMMs of a decoding batch and in prefill
  Seconds step;              ///< host and scheduler, per decoding step
  Seconds layer;             ///< kernels of a layer beside GEMMs and attention
  Seconds reduction;         ///< latency of an all-reduce inside a node; the network's comes from its model
  Seconds exchange_latency;  ///< of one expert dispatch or combine over the network
  ByteRate exchange;         ///< of a GPU, dispatching to and combining from experts on other nodes
  double memory_share = 0;   ///< of the GPU's memory, where it generates only
  double memory_share_colocated = 0;
  double most_sequences = 0;  ///< of one replica at a time
  ByteRate refit;             ///< new weights into the engine where training and generation share GPUs
  ByteRate refit_separate;    ///< the same over the network to GPUs that only generate
  Seconds round;              ///< of a rollout: scoring by rules, advantages, data movement, wake and sleep
  double training_slowdown =
      1;  ///< time of a training or log-prob pass over a pre-training step's with the same tokens
  Source source;
};

[[nodiscard]] std::optional<ServingEngine> find_serving_engine(const Catalogue& catalogue, std::string_view id,
                                                               Diagnostics& faults, const Diagnostic& place);

}  // namespace sextant::sim
