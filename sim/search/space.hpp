// SPDX-License-Identifier: Apache-2.0
// What a search may choose from. Every combination of the axes is a configuration; dp is what the GPUs leave.
#pragma once

#include <optional>
#include <vector>

#include "base/quantity.hpp"
#include "sim/search/candidate.hpp"

namespace sextant::sim::search {

/// A pipeline schedule and the chunks a device holds of the model.
struct Pipelining {
  Schedule schedule = Schedule::one_f_one_b;
  int vp = 1;

  bool operator==(const Pipelining&) const = default;
};

struct ShardChoice {
  Sharding sharding = Sharding::none;
  int group = 0;

  bool operator==(const ShardChoice&) const = default;
};

struct Space {
  std::vector<Precision> precisions;
  std::vector<int> tp;
  std::vector<int> cp;
  std::vector<int> pp;
  std::vector<int> ep;
  std::vector<int> etp;
  std::vector<int> micro_sequences;
  std::vector<Pipelining> pipelining;  ///< where pp > 1
  std::vector<ShardChoice> shardings;
  std::vector<Recompute> recompute;
  std::optional<int> dp;               ///< the only one; any where not given
  bool shards_across_pipeline = true;  ///< ZeRO-2, ZeRO-3 and HSDP beside pp > 1
  bool rounds_batch = false;           ///< batches that dp x micro-batch does not divide are rounded by their users
  bool ignores_memory = false;         ///< everything fits: layouts that are known to have run
  Bytes reserve;                       ///< of every GPU's memory, to be left free
};

/// What the user has decided already, and how far the stack's limits hold.
struct Freedom {
  std::optional<int> tp, pp, vp, cp, ep, etp, micro_sequences;
  std::optional<Sharding> sharding;
  std::optional<Schedule> schedule;
  std::optional<Recompute> recompute;
  std::vector<Precision> precisions;  ///< empty: the base run's
  bool any_schedule = false;          ///< also those the stack cannot run
  bool any_sharding = false;
  Bytes reserve;  ///< of every GPU's memory, to be left free
};

/// The share of a GPU's memory that plans leave free unless told otherwise: estimates of memory are no surer, and of 72
/// published runs that tell their memory all but two left more.
inline constexpr double usual_reserve = 0.03;

/// The axes for a model, its sequences and a stack: tp within NVLink's reach, every pp, every divisor of the experts,
/// cp down to pieces of 1,024 tokens, micro-batches of up to 16 sequences, every schedule and sharding of the stack's,
/// every set of modules that the model has, blocks and whole layers.
[[nodiscard]] Space usual_space(const Run& base, const Freedom& freedom = {});

/// Whether a choice says the same as another one of the space's, or nothing, in this place: shards of one rank, groups
/// as large as dp, blocks of a whole stage.
[[nodiscard]] bool redundant(const Space& space, const Run& run);

/// Whether the stack's limits exclude a run: shards beside a pipeline.
[[nodiscard]] bool excluded(const Space& space, const Parallelism& p);

/// Whether groups of shards divide dp.
[[nodiscard]] bool shards_divide(const Parallelism& p);

/// Whether the model's layers fill the stages, and evenly where a device holds several chunks: Megatron's interleaving
/// takes no other.
[[nodiscard]] bool fills_stages(const models::ModelSpec& model, const Parallelism& p);

/// The pipelinings of pp stages: the space's, or the one that says nothing.
[[nodiscard]] const std::vector<Pipelining>& pipelinings(const Space& space, int pp);

/// Visits every configuration of one cluster size that is not redundant, whether it can be or not. `run`: the base on
/// that cluster; its layout changes under way. For proofs and small spaces: nothing is skipped.
template <class Visit>
void for_each(const Space& space, Run run, Visit visit);

/// Sets the degrees of `run`; false where they do not divide the GPUs.
[[nodiscard]] bool set_degrees(Run& run, int tp, int cp, int pp);

template <class Visit>
void for_each(const Space& space, Run run, Visit visit) {
  Parallelism& p = run.parallelism;
  const auto options = [&] {
    for (const Pipelining& pipelining : pipelinings(space, p.pp)) {
      p.schedule = pipelining.schedule;
      p.vp = pipelining.vp;
      for (const ShardChoice& shards : space.shardings) {
        p.sharding = shards.sharding;
        p.sharding_group = shards.group;
        for (const Recompute& r : space.recompute) {
          run.recompute = r;
          if (!redundant(space, run)) visit(run);
        }
      }
    }
  };
  for (const Precision precision : space.precisions) {
    run.precision = precision;
    for (const int tp : space.tp) {
      for (const int cp : space.cp) {
        for (const int pp : space.pp) {
          if (!set_degrees(run, tp, cp, pp)) continue;
          for (const int micro : space.micro_sequences) {
            run.batch.micro_sequences = micro;
            for (const int etp : space.etp) {
              p.etp = etp;
              for (const int ep : space.ep) {
                p.ep = ep;
                options();
              }
            }
          }
        }
      }
    }
  }
}

}  // namespace sextant::sim::search
