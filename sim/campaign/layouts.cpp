// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/layouts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/search/search.hpp"

namespace sextant::sim {

namespace {

constexpr std::array tensor_degrees{1, 2, 4, 8};
constexpr std::array pipeline_degrees{1,  2,  3,  4,  5,  6,  7,  8,  10, 12, 14, 15,
                                      16, 18, 20, 24, 25, 28, 30, 32, 35, 40, 48, 64};
constexpr std::array chunk_degrees{1, 2, 4};
constexpr std::array context_degrees{1, 2, 4, 8, 16, 32};
constexpr std::array expert_degrees{1, 2, 4, 8, 16, 32, 64};
constexpr int tokens_without_context_parallelism = 16384;
constexpr double kept_share = 0.10;
constexpr double kept_within = 1.25;  // of the fastest step
constexpr std::size_t kept_most = 24;

/// The stated value alone, or the usual ones.
template <std::size_t N>
std::vector<int> choices(const std::optional<int>& stated, const std::array<int, N>& usual) {
  return stated ? std::vector<int>{*stated} : std::vector<int>(usual.begin(), usual.end());
}

bool gathers(Sharding s) { return s == Sharding::zero3 || s == Sharding::hsdp; }

std::vector<int> context_choices(const Run& base, const LayoutFreedom& freedom) {
  if (freedom.cp) return {*freedom.cp};
  if (base.batch.seq_len < tokens_without_context_parallelism) return {1};
  return {context_degrees.begin(), context_degrees.end()};
}

/// The stated schedule, or the stack's usual one, plain 1F1B and interleaving with the chunks that are open.
std::vector<search::Pipelining> pipelinings(const Run& base, const LayoutFreedom& freedom) {
  std::vector<search::Pipelining> out;
  for (const int vp : choices(freedom.vp, chunk_degrees)) {
    if (freedom.schedule) {
      if (vp == 1 || *freedom.schedule == Schedule::interleaved) out.push_back({*freedom.schedule, vp});
    } else if (vp > 1) {
      out.push_back({Schedule::interleaved, vp});
    } else {
      out.push_back({base.stack.schedule, 1});
      const bool other = base.stack.schedule != Schedule::one_f_one_b;
      if (other && base.stack.layouts.can_run(Schedule::one_f_one_b)) out.push_back({Schedule::one_f_one_b, 1});
    }
  }
  return out;
}

Recompute usual_recompute(const Run& base) {
  Recompute usual;
  usual.mode = base.stack.recompute;
  usual.modules = base.stack.recompute_modules;
  return usual;
}

/// The stack's usual one, the scores of attention, everything but attention, everything.
std::vector<Recompute> recomputes(const Run& base) {
  Recompute selective;
  selective.mode = RecomputeMode::selective;
  selective.modules.add(Module::core_attn);
  // At long sequences attention is most of the forward: everything else is cheaper to do again.
  Recompute spared;
  spared.mode = RecomputeMode::selective;
  for (const auto& [name, module] : module_names) {
    if (module != Module::core_attn) spared.modules.add(module);
  }
  Recompute full;
  full.mode = RecomputeMode::full;
  std::vector<Recompute> out{usual_recompute(base)};
  for (const Recompute& r : {selective, spared, full}) {
    if (std::find(out.begin(), out.end(), r) == out.end()) out.push_back(r);
  }
  return out;
}

search::Space space_of(const Run& base, const LayoutFreedom& freedom) {
  const Sharding sharding = freedom.sharding.value_or(base.stack.sharding);
  // Where parameters are gathered anyway, tensor and pipeline parallelism are not used unless stated.
  const std::vector<int> alone{1};
  search::Space s;
  s.precisions = {base.precision};
  s.tp = gathers(sharding) && !freedom.tp ? alone : choices(freedom.tp, tensor_degrees);
  s.pp = gathers(sharding) && !freedom.pp ? alone : choices(freedom.pp, pipeline_degrees);
  s.cp = context_choices(base, freedom);
  s.ep = base.model.has_experts() ? choices(freedom.ep, expert_degrees) : alone;
  s.etp = {freedom.etp.value_or(1)};
  s.dp = freedom.dp;
  s.micro_sequences = {1, 2, 4, 8};
  s.pipelining = pipelinings(base, freedom);
  s.shardings = {{sharding, sharding == Sharding::hsdp ? 8 * std::max(1, base.cluster.gpus_per_node / 8) : 0}};
  s.recompute = recomputes(base);
  s.rounds_batch = true;
  return s;
}

/// Every layout of the space, fastest first.
std::vector<search::Found> all_layouts(const Run& base, const search::Space& space, const Parameters& parameters) {
  search::Options options;
  options.top = search::everything;
  return search::search(base, space, {base.cluster.gpus}, parameters, options).front().found.layouts();
}

/// Layouts that fit; of one that was run and does not fit by Sextant's count, as its stack usually recomputes.
std::vector<search::Found> layouts_of(const Run& base, search::Space space, const LayoutFreedom& freedom,
                                      const Parameters& parameters, bool& fits) {
  fits = true;
  std::vector<search::Found> found = all_layouts(base, space, parameters);
  if (!found.empty() || freedom.must_fit) return found;
  fits = false;
  space.ignores_memory = true;
  space.recompute = {usual_recompute(base)};
  return all_layouts(base, space, parameters);
}

template <class Table, class E>
void set_named(const Table& table, const std::string& word, std::optional<E>& out) {
  for (const auto& [name, value] : table) {
    if (name == word) out = value;
  }
}

}  // namespace

LayoutFreedom stated_layout(const models::ClaimParallelism& s) {
  LayoutFreedom f{s.tp, s.pp, s.vp, s.cp, s.ep, s.etp, s.dp, {}, {}, !(s.tp && s.pp)};
  set_named(sharding_names, s.sharding, f.sharding);
  set_named(schedule_names, s.schedule, f.schedule);
  return f;
}

LayoutSearch search_layouts(const Run& base, const LayoutFreedom& freedom, const Parameters& parameters) {
  search::Space space = space_of(base, freedom);
  LayoutSearch out;
  bool fits = true;
  std::vector<search::Found> all = layouts_of(base, space, freedom, parameters, fits);
  if (all.empty() && freedom.schedule) {
    // A stated schedule that refuses the shape: one forward and one backward at a time, as run_pipeline() has it.
    space.pipelining = {{Schedule::one_f_one_b, 1}};
    all = layouts_of(base, space, freedom, parameters, fits);
  }
  out.considered = static_cast<int>(all.size());
  const auto tenth = static_cast<std::size_t>(std::ceil(kept_share * static_cast<double>(all.size())));
  for (std::size_t i = 0; i < std::min(tenth, kept_most) && all[i].step <= all[0].step * kept_within; ++i) {
    out.kept.push_back({search::run_of(base, all[i].candidate), all[i].step, fits});
  }
  return out;
}

}  // namespace sextant::sim
