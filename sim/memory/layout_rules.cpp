// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/memory/feasibility.hpp"

namespace sextant::sim {

namespace {

/// The divisors of n on both sides of d: "8 or 16 does".
std::string divisors_near(int n, int d, std::string_view name) {
  if (n <= 0 || d <= 0) return {};
  int below = std::min(d, n);
  while (n % below != 0) --below;
  int above = std::min(d, n);
  while (above < n && n % above != 0) ++above;
  if (n % above != 0 || above == below) return fmt::format("{} {} does", name, below);
  return fmt::format("{} {} or {} does", name, below, above);
}

/// The first layer kind of which `broken` is true.
template <class F>
const models::Layer* find_kind(const Run& run, F broken) {
  const auto& kinds = run.model.kinds;
  const auto found = std::find_if(kinds.begin(), kinds.end(), broken);
  return found == kinds.end() ? nullptr : &*found;
}

// ---- one function a rule: the kind it breaks on, or whether it holds; and the words ----

bool degrees_hold(const Run& run) {
  const Parallelism& p = run.parallelism;
  return std::min({p.tp, p.pp, p.vp, p.cp, p.ep, p.etp, p.dp, run.batch.micro_sequences, run.batch.global_sequences,
                   run.batch.seq_len}) >= 1;
}
void describe_degrees(const Run&, Infeasible& out) {
  out.reason = "every degree of parallelism and every batch size is at least 1";
}

long long ranks(const Parallelism& p) { return static_cast<long long>(p.tp) * p.pp * p.cp * p.dp; }
bool ranks_hold(const Run& run) { return ranks(run.parallelism) == run.cluster.gpus; }
void describe_ranks(const Run& run, Infeasible& out) {
  const Parallelism& p = run.parallelism;
  out.reason = fmt::format("tp {} x pp {} x cp {} x dp {} = {} ranks, the cluster has {} GPUs", p.tp, p.pp, p.cp, p.dp,
                           ranks(p), run.cluster.gpus);
  const long long pipeline = static_cast<long long>(p.tp) * p.pp * p.cp;
  const long long dp = run.cluster.gpus / pipeline;
  out.hint = dp < 1 ? fmt::format("one replica takes {} GPUs", pipeline)
                    : fmt::format("dp {} uses {} of them", dp, dp * pipeline);
}

const models::Layer* heads_broken(const Run& run) {
  return find_kind(
      run, [&](const models::Layer& l) { return l.has_attention && l.attention.heads % run.parallelism.tp != 0; });
}
bool heads_hold(const Run& run) { return heads_broken(run) == nullptr; }
void describe_heads(const Run& run, Infeasible& out) {
  const int heads = heads_broken(run)->attention.heads;
  out.reason = fmt::format("tp {} does not divide {} heads", run.parallelism.tp, heads);
  out.hint = divisors_near(heads, run.parallelism.tp, "tp");
}

/// Fewer key-value heads than tp are repeated, so one of the two must divide the other. Heads of their own are the
/// heads' rule.
const models::Layer* key_value_broken(const Run& run) {
  const int tp = run.parallelism.tp;
  return find_kind(run, [tp](const models::Layer& l) {
    const int kv = l.attention.kv_heads;
    return l.has_attention && kv > 0 && kv != l.attention.heads && kv % tp != 0 && tp % kv != 0;
  });
}
bool key_value_hold(const Run& run) { return key_value_broken(run) == nullptr; }
void describe_key_value(const Run& run, Infeasible& out) {
  const int kv = key_value_broken(run)->attention.kv_heads;
  out.reason = fmt::format("tp {} and {} key-value heads do not divide each other", run.parallelism.tp, kv);
  out.hint = divisors_near(kv, run.parallelism.tp, "tp");
}

const models::Layer* ffn_broken(const Run& run) {
  const int tp = run.parallelism.tp;
  return find_kind(run, [tp](const models::Layer& l) { return l.mlp.ffn % tp != 0 || l.mlp.shared_ffn % tp != 0; });
}
bool ffn_hold(const Run& run) { return ffn_broken(run) == nullptr; }
void describe_ffn(const Run& run, Infeasible& out) {
  const models::Mlp& m = ffn_broken(run)->mlp;
  const int width = m.ffn % run.parallelism.tp != 0 ? m.ffn : m.shared_ffn;
  out.reason = fmt::format("tp {} does not divide an MLP of width {}", run.parallelism.tp, width);
  out.hint = divisors_near(width, run.parallelism.tp, "tp");
}

const models::Layer* experts_broken(const Run& run) {
  return find_kind(run, [&](const models::Layer& l) { return l.mlp.experts % run.parallelism.ep != 0; });
}
bool experts_hold(const Run& run) {
  return experts_broken(run) == nullptr && (run.parallelism.ep == 1 || run.model.has_experts());
}
void describe_experts(const Run& run, Infeasible& out) {
  if (const models::Layer* kind = experts_broken(run)) {
    out.reason = fmt::format("ep {} does not divide {} experts", run.parallelism.ep, kind->mlp.experts);
    out.hint = divisors_near(kind->mlp.experts, run.parallelism.ep, "ep");
  } else {
    out.reason = fmt::format("ep {}, and the model has no experts", run.parallelism.ep);
    out.hint = "ep 1";
  }
}

long long stage_ranks(const Parallelism& p) { return static_cast<long long>(p.tp) * p.cp * p.dp; }
bool expert_ranks_hold(const Run& run) {
  const Parallelism& p = run.parallelism;
  return !run.model.has_experts() || stage_ranks(p) % (static_cast<long long>(p.ep) * p.etp) == 0;
}
void describe_expert_ranks(const Run& run, Infeasible& out) {
  const Parallelism& p = run.parallelism;
  out.reason = fmt::format("ep {} x etp {} does not divide the tp {} x cp {} x dp {} = {} ranks of a pipeline stage",
                           p.ep, p.etp, p.tp, p.cp, p.dp, stage_ranks(p));
  out.hint = divisors_near(static_cast<int>(stage_ranks(p) / std::max(1, p.etp)), p.ep, "ep");
}

const models::Layer* expert_width_broken(const Run& run) {
  return find_kind(run, [&](const models::Layer& l) { return l.mlp.expert_ffn % run.parallelism.etp != 0; });
}
bool expert_width_hold(const Run& run) { return expert_width_broken(run) == nullptr; }
void describe_expert_width(const Run& run, Infeasible& out) {
  const int width = expert_width_broken(run)->mlp.expert_ffn;
  out.reason = fmt::format("etp {} does not divide an expert of width {}", run.parallelism.etp, width);
  out.hint = divisors_near(width, run.parallelism.etp, "etp");
}

/// Causal load balance gives each context-parallel rank one chunk from either end (zig-zag), hence 2 cp; sequence
/// parallelism splits what is left over tp.
int sequence_parts(const Parallelism& p) { return (p.cp > 1 ? 2 * p.cp : 1) * (p.sequence_parallel ? p.tp : 1); }
bool sequence_holds(const Run& run) { return run.batch.seq_len % sequence_parts(run.parallelism) == 0; }
void describe_sequence(const Run& run, Infeasible& out) {
  const int parts = sequence_parts(run.parallelism);
  out.reason = fmt::format("a sequence of {} tokens does not divide into {} parts{}{}", run.batch.seq_len, parts,
                           run.parallelism.cp > 1 ? fmt::format(", 2 x cp {}", run.parallelism.cp) : "",
                           run.parallelism.sequence_parallel ? fmt::format(", tp {}", run.parallelism.tp) : "");
  out.hint = fmt::format("{} tokens do", (run.batch.seq_len / parts + 1) * parts);
}

long long sequences_at_once(const Run& run) {
  return static_cast<long long>(run.parallelism.dp) * run.batch.micro_sequences;
}
bool batch_holds(const Run& run) { return run.batch.global_sequences % sequences_at_once(run) == 0; }
void describe_batch(const Run& run, Infeasible& out) {
  const long long unit = sequences_at_once(run);
  const long long below = run.batch.global_sequences / unit * unit;
  out.reason = fmt::format("{} sequences a step do not divide into dp {} x micro-batches of {}",
                           run.batch.global_sequences, run.parallelism.dp, run.batch.micro_sequences);
  out.hint = below > 0 ? fmt::format("{} or {} sequences do", below, below + unit) : fmt::format("{} do", unit);
}

bool stages_hold(const Run& run) { return run.model.layers() >= virtual_stages(run.parallelism); }
void describe_stages(const Run& run, Infeasible& out) {
  const Parallelism& p = run.parallelism;
  out.reason = fmt::format("{} layers do not fill pp {} x {} chunks = {} virtual stages", run.model.layers(), p.pp,
                           virtual_stages(p) / p.pp, virtual_stages(p));
  out.hint = fmt::format("at most {} stages", run.model.layers());
}

bool shard_group_holds(const Run& run) {
  const Parallelism& p = run.parallelism;
  return p.sharding_group <= 0 || p.sharding_group >= p.dp || p.dp % p.sharding_group == 0;
}
void describe_shard_group(const Run& run, Infeasible& out) {
  const Parallelism& p = run.parallelism;
  out.reason = fmt::format("shard groups of {} do not divide dp {}", p.sharding_group, p.dp);
  out.hint = divisors_near(p.dp, p.sharding_group, "a group of");
}

struct Row {
  LayoutRule rule;
  std::string_view tag;
  bool (*holds)(const Run&);
  void (*describe)(const Run&, Infeasible&);
};

constexpr std::array<Row, 12> rows{{
    {LayoutRule::degrees, "layout/degrees", degrees_hold, describe_degrees},
    {LayoutRule::ranks, "layout/ranks", ranks_hold, describe_ranks},
    {LayoutRule::heads, "layout/heads", heads_hold, describe_heads},
    {LayoutRule::key_value_heads, "layout/key-value-heads", key_value_hold, describe_key_value},
    {LayoutRule::ffn_width, "layout/ffn-width", ffn_hold, describe_ffn},
    {LayoutRule::experts, "layout/experts", experts_hold, describe_experts},
    {LayoutRule::expert_ranks, "layout/expert-ranks", expert_ranks_hold, describe_expert_ranks},
    {LayoutRule::expert_width, "layout/expert-width", expert_width_hold, describe_expert_width},
    {LayoutRule::sequence, "layout/sequence", sequence_holds, describe_sequence},
    {LayoutRule::batch, "layout/batch", batch_holds, describe_batch},
    {LayoutRule::stages, "layout/stages", stages_hold, describe_stages},
    {LayoutRule::shard_group, "layout/shard-group", shard_group_holds, describe_shard_group},
}};

}  // namespace

std::optional<LayoutRule> broken_rule(const Run& run) {
  for (const Row& row : rows) {
    if (!row.holds(run)) return row.rule;
  }
  return std::nullopt;
}

std::vector<Infeasible> layout_faults(const Run& run) {
  std::vector<Infeasible> out;
  for (const Row& row : rows) {
    if (row.holds(run)) continue;
    Infeasible fault;
    fault.tag = row.tag;
    row.describe(run, fault);
    out.push_back(std::move(fault));
    if (row.rule == LayoutRule::degrees) break;  // the other rules divide by them
  }
  return out;
}

}  // namespace sextant::sim
