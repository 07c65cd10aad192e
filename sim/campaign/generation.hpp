// SPDX-License-Identifier: Apache-2.0
// How long a model takes to write samples: prefill bound by compute, decoding by memory traffic, the end by the
// longest.
#pragma once

#include "base/quantity.hpp"
#include "sim/campaign/campaign.hpp"
#include "sim/run/run.hpp"

namespace sextant::sim {

struct GenerationTime {
  Seconds total;
  Seconds prefill;
  Seconds weights;   ///< reading them
  Seconds cache;     ///< reading the KV cache
  Seconds compute;   ///< GEMMs where they take longer than reading the weights
  Seconds exchange;  ///< all-reduces, or expert dispatch and combine
  Seconds overhead;  ///< host, scheduler, small kernels
  Seconds tail;      ///< part of the total after half of the sequences in flight have ended
  double gpus = 0;
  double replicas = 0;
  double concurrency = 0;  ///< sequences of one replica that its memory and the engine allow
  double tokens = 0;       ///< written
  bool fits = true;        ///< the weights, in the GPUs of a replica

  [[nodiscard]] double tokens_per_s_per_gpu() const { return total.value() > 0 ? tokens / (total.value() * gpus) : 0; }
};

/// One round of `samples` by the model of `run` on its cluster. `in_flight`: rounds that are being written at once,
/// as asynchronous training allows; then the time is one round's share. `colocated`: training state shares the memory.
[[nodiscard]] GenerationTime generation_time(const Run& run, const Samples& samples, const Generation& how,
                                             double in_flight, bool colocated);

}  // namespace sextant::sim
