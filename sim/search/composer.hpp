// SPDX-License-Identifier: Apache-2.0
// Puts candidates together out of what a search knows already. A candidate's step and memory are what evaluate() and
// memory() say of its run, bit for bit: the same functions add up the same parts, only fewer of them are worked out
// anew.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "sim/memory/memory.hpp"
#include "sim/search/layer_costs.hpp"
#include "sim/search/space.hpp"
#include "sim/step/step.hpp"

namespace sextant::sim::search {

/// Choices of recompute whose steps take equally long: they differ in memory only.
struct TimeClass {
  std::vector<Seconds> extra;       ///< by layer kind: what the backward pass redoes
  std::vector<std::size_t> choice;  ///< indexes into Space::recompute
};

/// Goes from candidate to candidate, from the choices that change most to those that change least. One per thread.
class Composer {
 public:
  Composer(const Run& base, const Space& space, const Parameters& parameters);

  /// The run as chosen so far.
  [[nodiscard]] const Run& run() const { return run_; }
  [[nodiscard]] Candidate candidate() const;

  /// Another cluster size.
  void resize(int gpus);
  /// Degrees and micro-batch; the pipelining, the recompute and the sharding must be chosen anew. Takes the run's rules
  /// for granted (sim/memory/feasibility.hpp).
  void lay_out(Precision precision, const Parallelism& degrees, int micro_sequences);
  /// What lay_out() found: the layers' costs.
  [[nodiscard]] const LayerFamily& family() const { return *family_; }
  /// Choices of recompute by the time they add, least first.
  [[nodiscard]] std::span<const TimeClass> time_classes();

  /// Whether the model's layers fill the pipelining's stages.
  [[nodiscard]] bool fills_stages(const Pipelining& pipelining) const;
  /// Schedule and chunks, of a pipelining that fills its stages; false where the schedule refuses the shape.
  [[nodiscard]] bool pipeline(const Pipelining& pipelining);
  void recompute(const TimeClass& time_class, std::size_t choice);
  void shard(const ShardChoice& shards);

  /// What the fullest GPU leaves free; nothing where that is less than the space's reserve.
  [[nodiscard]] std::optional<Bytes> headroom();
  /// A step takes at least so long, whatever the sharding.
  [[nodiscard]] Seconds bound();
  /// The step.
  [[nodiscard]] StepEstimate step();

  /// Time that any step takes at least whose busiest pipeline rank works so long.
  [[nodiscard]] Seconds around(Seconds makespan) const;

 private:
  struct KnownLayout {
    int stages = 0;
    StageLayout layout;
  };

  void find_time_classes();
  const StageLayout& stage_layout_of(int stages);
  void cost_stages_now();

  Run run_;
  const Space& space_;
  const Parameters& parameters_;
  LayerCosts costs_;
  const LayerFamily* family_ = nullptr;
  std::vector<std::optional<Device>> devices_;  ///< by precision
  std::deque<KnownLayout> layouts_;
  std::vector<TimeClass> classes_;
  std::size_t class_count_ = 0;
  std::vector<std::vector<KindMemory>> kinds_;  ///< by choice of recompute; empty: not known yet

  StepParts parts_;
  MemoryParts memory_;
  StepWorkspace workspace_;
  PipelineResult pipe_;
  const TimeClass* class_ = nullptr;
  std::size_t choice_ = 0;
  bool stages_stale_ = true;
  bool pipe_stale_ = true;
  int suspect_ = 0;  ///< the rank that was fullest last time
};

}  // namespace sextant::sim::search
