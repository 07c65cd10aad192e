// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "sim/memory/feasibility.hpp"

namespace sextant::sim {

namespace {

bool shard_optimizer(Run& run) {
  Parallelism& p = run.parallelism;
  if (p.sharding != Sharding::none || p.dp * p.cp == 1) return false;
  p.sharding = Sharding::zero1;
  return true;
}

bool split_sequences(Run& run) {
  Parallelism& p = run.parallelism;
  if (p.tp == 1 || p.sequence_parallel) return false;
  p.sequence_parallel = true;
  return true;
}

/// Everything that is cheap to compute again.
bool recompute_selected(Run& run) {
  Recompute& r = run.recompute;
  if (r.mode != RecomputeMode::none && r.mode != RecomputeMode::selective) return false;
  const Recompute before = r;
  r.mode = RecomputeMode::selective;
  r.silent = false;
  r.modules.add(Module::layernorm);
  r.modules.add(Module::activation);
  if (run.attention == AttentionKernel::unfused) r.modules.add(Module::core_attn);
  if (run.model.has_experts()) r.modules.add(Module::moe_act);
  const auto latent = [](const models::Layer& l) { return l.attention.kind == models::Attention::Kind::latent; };
  if (std::any_of(run.model.kinds.begin(), run.model.kinds.end(), latent)) r.modules.add(Module::mla_up_proj);
  return r != before;
}

bool halve_micro_batch(Run& run) {
  if (run.batch.micro_sequences <= 1) return false;
  run.batch.micro_sequences = (run.batch.micro_sequences + 1) / 2;
  return true;
}

bool double_pp(Run& run) {
  Parallelism& p = run.parallelism;
  if (p.dp % 2 != 0) return false;
  if (p.pp == 1) p.schedule = run.stack.schedule;
  p.pp *= 2;
  p.dp /= 2;
  return true;
}

bool double_ep(Run& run) {
  if (!run.model.has_experts()) return false;
  run.parallelism.ep *= 2;
  return true;
}

/// Within the GPUs that NVLink joins; experts split over tp follow.
bool double_tp(Run& run) {
  Parallelism& p = run.parallelism;
  if (p.dp % 2 != 0 || 2 * p.tp > run.cluster.nvlink_domain) return false;
  if (p.etp == p.tp && run.model.has_experts() && p.tp > 1) p.etp *= 2;
  if (p.tp == 1) p.sequence_parallel = run.stack.sequence_parallel;
  p.tp *= 2;
  p.dp /= 2;
  return true;
}

bool double_cp(Run& run) {
  Parallelism& p = run.parallelism;
  if (p.dp % 2 != 0) return false;
  p.cp *= 2;
  p.dp /= 2;
  return true;
}

bool recompute_all(Run& run) {
  if (run.recompute.mode == RecomputeMode::full) return false;
  run.recompute = {};
  run.recompute.mode = RecomputeMode::full;
  return true;
}

bool shard_everything(Run& run) {
  Parallelism& p = run.parallelism;
  if (p.sharding == Sharding::zero3 || p.dp * p.cp == 1) return false;
  p.sharding = Sharding::zero3;
  p.sharding_group = 0;
  return true;
}

std::string say_sharding(const Run&) { return "the optimizer sharded (zero1)"; }
std::string say_sequences(const Run&) { return "sequence parallelism"; }
std::string say_selected(const Run& run) {
  std::string names;
  for (const auto& [name, module] : module_names) {
    if (!run.recompute.modules.has(module)) continue;
    if (module == Module::activation && name != "activation") continue;  // its second name
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
  }
  return "selective recompute of " + names;
}
std::string say_micro(const Run& run) { return fmt::format("micro-batches of {}", run.batch.micro_sequences); }
std::string say_pp(const Run& r) { return fmt::format("pp {} with dp {}", r.parallelism.pp, r.parallelism.dp); }
std::string say_ep(const Run& r) { return fmt::format("ep {}", r.parallelism.ep); }
std::string say_tp(const Run& r) { return fmt::format("tp {} with dp {}", r.parallelism.tp, r.parallelism.dp); }
std::string say_cp(const Run& r) { return fmt::format("cp {} with dp {}", r.parallelism.cp, r.parallelism.dp); }
std::string say_all(const Run&) { return "full recompute"; }
std::string say_zero3(const Run&) { return "zero3"; }

struct Change {
  bool (*apply)(Run&);
  std::string (*say)(const Run&);
  int steps;  ///< how often it may be applied
};

// Least harm first. Doublings stop where the layout breaks, so the counts only bound the loop.
constexpr std::array<Change, 10> changes{{
    {shard_optimizer, say_sharding, 1},
    {split_sequences, say_sequences, 1},
    {recompute_selected, say_selected, 1},
    {halve_micro_batch, say_micro, 20},
    {double_pp, say_pp, 10},
    {double_ep, say_ep, 10},
    {double_tp, say_tp, 5},
    {double_cp, say_cp, 10},
    {recompute_all, say_all, 1},
    {shard_everything, say_zero3, 1},
}};

/// What changes touch of a run.
struct Changed {
  explicit Changed(const Run& run) : parallelism(run.parallelism), batch(run.batch), recompute(run.recompute) {}
  void restore(Run& run) const {
    run.parallelism = parallelism;
    run.batch = batch;
    run.recompute = recompute;
  }

  Parallelism parallelism;
  Batch batch;
  Recompute recompute;
};

/// Applies a change once more where the layout stays as whole as it was.
bool apply(const Change& change, Run& run, bool whole) {
  const Changed before(run);
  if (change.apply(run) && !(whole && broken_rule(run))) return true;
  before.restore(run);
  return false;
}

std::optional<Remedy> alone(const Run& run, bool whole) {
  for (const Change& change : changes) {
    Run trial = run;
    for (int i = 0; i < change.steps && apply(change, trial, whole); ++i) {
      const MemoryEstimate e = memory(trial);
      if (e.fits()) return Remedy{change.say(trial), trial, e.total()};
    }
  }
  return std::nullopt;
}

/// Two changes, each as often as it takes: the pair with the fewest steps, of equal ones the least harmful.
std::optional<Remedy> in_pairs(const Run& run, bool whole) {
  Run trial = run;
  std::optional<Remedy> best;
  int fewest = std::numeric_limits<int>::max();
  for (const Change* a = changes.begin(); a != changes.end(); ++a) {
    Changed(run).restore(trial);
    for (int i = 1; i <= a->steps && i < fewest && apply(*a, trial, whole); ++i) {
      const Changed after_first(trial);
      for (const Change* b = a + 1; b != changes.end(); ++b) {
        for (int j = 1; j <= b->steps && i + j < fewest && apply(*b, trial, whole); ++j) {
          const MemoryEstimate e = memory(trial);
          if (!e.fits()) continue;
          const bool undone = a->apply == recompute_selected && b->apply == recompute_all;
          best = Remedy{undone ? b->say(trial) : a->say(trial) + ", " + b->say(trial), trial, e.total()};
          fewest = i + j;
        }
        after_first.restore(trial);
      }
    }
  }
  return best;
}

std::optional<Remedy> together(const Run& run, bool whole) {
  Run trial = run;
  std::vector<const Change*> applied;
  for (const Change& change : changes) {
    for (int i = 0; i < change.steps && apply(change, trial, whole); ++i) {
      if (applied.empty() || applied.back() != &change) applied.push_back(&change);
      if (change.apply == recompute_all) {
        std::erase_if(applied, [](const Change* c) { return c->apply == recompute_selected; });
      }
      const MemoryEstimate e = memory(trial);
      if (!e.fits()) continue;
      std::string words;
      for (const Change* c : applied) words += (words.empty() ? "" : ", ") + c->say(trial);
      return Remedy{words, trial, e.total()};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Remedy> find_remedy(const Run& run) {
  const bool whole = !broken_rule(run);
  if (std::optional<Remedy> one = alone(run, whole)) return one;
  if (std::optional<Remedy> two = in_pairs(run, whole)) return two;
  return together(run, whole);
}

}  // namespace sextant::sim
