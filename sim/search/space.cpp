// SPDX-License-Identifier: Apache-2.0
#include "sim/search/space.hpp"

#include <algorithm>
#include <array>

#include "sim/step/step_parts.hpp"
#include "sim/workload/stage_layout.hpp"

namespace sextant::sim::search {

namespace {

constexpr int most_tensor_ranks = 64;
constexpr int most_stages = 128;
constexpr int most_context_ranks = 64;
constexpr int least_tokens_of_a_context_rank = 1024;
constexpr int most_micro_sequences = 16;
constexpr int most_chunks = 24;
constexpr std::array block_layers{1, 2, 3, 4, 6, 8, 12, 16, 24, 32};
constexpr std::array shard_groups{8, 16, 32, 64, 128, 256, 512};

std::vector<int> powers_of_two(int most) {
  std::vector<int> out;
  for (int n = 1; n <= std::max(1, most); n *= 2) out.push_back(n);
  return out;
}

std::vector<int> one_of(const std::optional<int>& decided, std::vector<int> usual) {
  return decided ? std::vector<int>{*decided} : std::move(usual);
}

int experts_of(const models::ModelSpec& model) {
  int most = 1;
  for (const models::Layer& kind : model.kinds) most = std::max(most, kind.mlp.experts);
  return most;
}

std::vector<int> divisors(int n) {
  std::vector<int> out;
  for (int d = 1; d <= n; ++d) {
    if (n % d == 0) out.push_back(d);
  }
  return out;
}

std::vector<int> stages(const models::ModelSpec& model) {
  std::vector<int> out;
  for (int pp = 1; pp <= std::min(model.layers(), most_stages); ++pp) out.push_back(pp);
  return out;
}

constexpr bool chunks_are_chosen(Schedule s) {
  return s == Schedule::interleaved || s == Schedule::interleaved_overlap;
}

/// Every schedule of the stack's with every number of chunks it takes.
std::vector<Pipelining> schedules(const Run& base, const Freedom& freedom) {
  constexpr std::array all{Schedule::gpipe,    Schedule::one_f_one_b,         Schedule::interleaved,
                           Schedule::zb_h1,    Schedule::interleaved_overlap, Schedule::zbv,
                           Schedule::dualpipe, Schedule::dualpipe_v};
  std::vector<Pipelining> out;
  for (const Schedule s : all) {
    if (freedom.schedule ? *freedom.schedule != s : !freedom.any_schedule && !base.stack.layouts.can_run(s)) continue;
    if (!chunks_are_chosen(s)) {
      if (freedom.vp.value_or(1) == 1) out.push_back({s, 1});
      continue;
    }
    const bool pairs = s == Schedule::interleaved && overlaps_exchange(base);
    for (int vp = 2; vp <= std::min(most_chunks, base.model.layers() / 2); ++vp) {
      if (freedom.vp.value_or(vp) == vp) out.push_back({pairs ? Schedule::interleaved_overlap : s, vp});
    }
  }
  return out;
}

std::vector<ShardChoice> shardings(const Run& base, const Freedom& freedom) {
  std::vector<ShardChoice> out;
  for (const auto& [name, sharding] : sharding_names) {
    const auto& usual = base.stack.layouts.shardings;
    const bool offered = freedom.any_sharding || std::find(usual.begin(), usual.end(), sharding) != usual.end();
    if (freedom.sharding ? *freedom.sharding != sharding : !offered) continue;
    if (sharding != Sharding::hsdp) {
      out.push_back({sharding, 0});
      continue;
    }
    for (const int group : shard_groups) out.push_back({sharding, group});
  }
  return out;
}

/// Modules that a run's users drop together.
struct Unit {
  Module first;
  Module second;
};

std::vector<Unit> units_of(const Run& base) {
  std::vector<Unit> units{{Module::layernorm, Module::layernorm}};
  const bool experts = base.model.has_experts();
  units.push_back({Module::activation, experts ? Module::moe_act : Module::activation});
  if (base.attention == AttentionKernel::unfused) units.push_back({Module::core_attn, Module::core_attn});
  const auto any = [&](auto predicate) {
    return std::any_of(base.model.kinds.begin(), base.model.kinds.end(), predicate);
  };
  if (any([](const models::Layer& l) { return l.attention.kind == models::Attention::Kind::latent; })) {
    units.push_back({Module::mla_up_proj, Module::mla_up_proj});
  }
  if (any([](const models::Layer& l) { return l.mlp.kind == models::Mlp::Kind::dense; })) {
    units.push_back({Module::mlp, Module::mlp});
  }
  if (experts) units.push_back({Module::moe, Module::moe});
  return units;
}

std::vector<Recompute> recomputes(const Run& base, const Freedom& freedom) {
  if (freedom.recompute) return {*freedom.recompute};
  Recompute none;
  none.layers = base.model.layers();  // as a run that says nothing of blocks has it
  std::vector<Recompute> out{none};
  const std::vector<Unit> units = units_of(base);
  for (unsigned set = 1; set < 1U << units.size(); ++set) {
    Recompute r = none;
    r.mode = RecomputeMode::selective;
    for (std::size_t i = 0; i < units.size(); ++i) {
      if ((set >> i & 1U) == 0) continue;
      r.modules.add(units[i].first);
      r.modules.add(units[i].second);
    }
    out.push_back(r);
  }
  for (const int layers : block_layers) {
    Recompute r;
    r.mode = RecomputeMode::block;
    r.layers = layers;
    if (layers < base.model.layers()) out.push_back(r);
  }
  Recompute full = none;
  full.mode = RecomputeMode::full;
  out.push_back(full);
  return out;
}

const std::vector<Pipelining>& no_pipeline() {
  static const std::vector<Pipelining> one(1);
  return one;
}

}  // namespace

Space usual_space(const Run& base, const Freedom& freedom) {
  Space s;
  s.reserve = freedom.reserve;
  s.precisions = freedom.precisions.empty() ? std::vector<Precision>{base.precision} : freedom.precisions;
  s.tp = one_of(freedom.tp, powers_of_two(std::min(most_tensor_ranks, base.cluster.nvlink_domain)));
  s.cp = one_of(freedom.cp,
                powers_of_two(std::min(most_context_ranks, base.batch.seq_len / least_tokens_of_a_context_rank)));
  s.pipelining = schedules(base, freedom);
  s.pp = one_of(freedom.pp, s.pipelining.empty() ? std::vector<int>{1} : stages(base.model));
  const bool experts = base.model.has_experts();
  s.ep = one_of(freedom.ep, experts ? divisors(experts_of(base.model)) : std::vector<int>{1});
  s.etp = one_of(freedom.etp, experts ? s.tp : std::vector<int>{1});
  s.micro_sequences =
      one_of(freedom.micro_sequences, powers_of_two(std::min(most_micro_sequences, base.batch.global_sequences)));
  s.shardings = shardings(base, freedom);
  s.recompute = recomputes(base, freedom);
  s.shards_across_pipeline = freedom.any_sharding || base.stack.layouts.shards_across_pipeline;
  return s;
}

bool redundant(const Space& space, const Run& run) {
  const Parallelism& p = run.parallelism;
  const bool chosen = space.shardings.size() > 1;
  if (chosen && p.sharding != Sharding::none && p.dp * p.cp == 1) return true;
  if (chosen && p.sharding == Sharding::hsdp && p.sharding_group >= p.dp) return true;
  const int per_stage = (run.model.layers() + virtual_stages(p) - 1) / virtual_stages(p);
  return run.recompute.mode == RecomputeMode::block && run.recompute.layers >= per_stage;
}

bool excluded(const Space& space, const Parallelism& p) {
  return p.pp > 1 && !space.shards_across_pipeline && p.sharding != Sharding::none && p.sharding != Sharding::zero1;
}

bool shards_divide(const Parallelism& p) {
  return p.sharding_group <= 0 || p.sharding_group >= p.dp || p.dp % p.sharding_group == 0;
}

bool fills_stages(const models::ModelSpec& model, const Parallelism& p) {
  const int stages = virtual_stages(p);
  return stages <= model.layers() && (!chunks_are_chosen(p.schedule) || stages_are_even(model, stages));
}

const std::vector<Pipelining>& pipelinings(const Space& space, int pp) {
  return pp > 1 ? space.pipelining : no_pipeline();
}

bool set_degrees(Run& run, int tp, int cp, int pp) {
  Parallelism& p = run.parallelism;
  const long long pipeline = static_cast<long long>(tp) * cp * pp;
  if (pipeline > run.cluster.gpus || run.cluster.gpus % pipeline != 0) return false;
  p.tp = tp;
  p.cp = cp;
  p.pp = pp;
  p.dp = static_cast<int>(run.cluster.gpus / pipeline);
  p.sequence_parallel = tp > 1 && run.stack.sequence_parallel;
  return true;
}

}  // namespace sextant::sim::search
