// SPDX-License-Identifier: Apache-2.0
// What one training step needs of a GPU's memory, pipeline rank by pipeline rank.
#pragma once

#include <span>
#include <vector>

#include "sim/memory/activations.hpp"
#include "sim/memory/terms.hpp"
#include "sim/run/run.hpp"
#include "sim/workload/stage_layout.hpp"
#include "sim/workload/state.hpp"

namespace sextant::sim {

struct MemoryEstimate {
  std::vector<MemoryTerms> ranks;  ///< by pipeline rank
  int worst = 0;                   ///< the rank that needs most
  Bytes capacity;                  ///< what the driver shows of the GPU

  [[nodiscard]] const MemoryTerms& fullest() const { return ranks[static_cast<std::size_t>(worst)]; }
  [[nodiscard]] Bytes total() const { return fullest().sum(); }
  /// To the byte: where memory is short the allocator's slack fills the GPU exactly.
  [[nodiscard]] bool fits() const { return total() <= capacity + Bytes{1.0}; }
};

/// Peak memory of each pipeline rank. `in_flight`: micro-batches whose activations each chunk holds at the rank's peak,
/// [rank x chunks_per_rank + chunk], as sim/schedule's executed orders or memory/in_flight.hpp give it. Pure.
[[nodiscard]] MemoryEstimate memory(const Run& run, const StageLayout& layout, std::span<const double> in_flight);

/// One layer kind as the run's recompute leaves it in memory.
struct KindMemory {
  LayerActivations activations;
  double parameters = 0;  ///< of one layer on a rank
};

/// What memory() knows before it looks at a rank. Searches keep each part as long as what it depends on.
struct MemoryParts {
  std::vector<KindMemory> kinds;      ///< by layer kind; independent of pp, dp and the schedule
  std::vector<RankParameters> ranks;  ///< by pipeline rank; independent of batch, recompute and sharding
  std::vector<double> in_flight;      ///< [rank x chunks_per_rank + chunk]
};

[[nodiscard]] KindMemory kind_memory(const Run& run, const models::Layer& layer);

/// One pipeline rank's part of memory().
[[nodiscard]] MemoryTerms rank_memory(const Run& run, const StageLayout& layout, const MemoryParts& parts, int rank);

/// The same with the stage layout and the closed forms of the run's schedule.
[[nodiscard]] MemoryEstimate memory(const Run& run);

/// Bytes that one micro-batch leaves on each virtual stage until its backward pass; what sim/schedule's
/// Activations::peak_bytes asks for.
[[nodiscard]] std::vector<Bytes> stage_activations(const Run& run, const StageLayout& layout);

}  // namespace sextant::sim
