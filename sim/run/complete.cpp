// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/counts.hpp"
#include "sim/run/features.hpp"
#include "sim/run/stack_reader.hpp"
#include "sim/run/stated_run.hpp"

namespace sextant::sim {

namespace {

class Completion {
 public:
  Completion(const StatedRun& stated, Run& run) : stated_(stated), run_(run) {}

  void all() {
    software();
    degrees();
    batch();
    sharding();
    schedule();
    recompute();
    routing();
    dispatcher();
  }

 private:
  void assume(std::string what, std::string why) { run_.assumptions.push_back({std::move(what), std::move(why)}); }

  [[nodiscard]] std::string usual() const { return "usual for " + run_.stack.title; }

  void software() {
    const FeatureReading reading = read_features(stated_.features);
    run_.features = reading.features;
    dualpipe_ = reading.dualpipe;
    run_.node_limit = reading.node_limit;
    if (reading.mtp && run_.model.mtp_layers == 0) {
      run_.model.mtp_layers = 1;
      assume("one multi-token-prediction module", "the run's features speak of MTP, its model states none");
    }
    for (const std::string& word : reading.unknown) {
      run_.notes.push_back("the feature \"" + word + "\" changes nothing that Sextant models");
    }
    if (!stated_.stack_stated) assume("stack " + run_.stack.id, "the run states none");
    run_.precision = stated_.precision.value_or(Precision::bf16);
    if (!stated_.precision) assume("precision bf16", "the run states none");
    run_.software_date = stated_.software_date;
    if (run_.software_date.empty()) {
      run_.software_date = run_.stack.typical_date;
      assume("software of " + run_.software_date, "typical of " + run_.stack.title);
    }
    run_.attention = attention_at(run_.stack, run_.software_date);
    if (run_.features.has(Feature::flash_attention_2) && run_.attention == AttentionKernel::flash1) {
      run_.attention = AttentionKernel::flash2;
    }
    run_.task = stated_.task.value_or(Task::pretrain);
  }

  void degrees() {
    const StatedParallelism& s = stated_.parallelism;
    Parallelism& p = run_.parallelism;
    p.tp = s.tp.value_or(1);
    p.pp = s.pp.value_or(1);
    p.cp = s.cp.value_or(1);
    p.ep = s.ep.value_or(1);
    p.vp = p.pp > 1 ? s.vp.value_or(1) : 1;
    const int rest = std::max(1, run_.cluster.gpus / std::max(1, p.tp * p.pp * p.cp));
    p.dp = s.dp.value_or(rest);
    p.etp = s.etp.value_or(run_.model.has_experts() ? p.tp : 1);
    if (!s.etp && run_.model.has_experts() && p.tp > 1) {
      assume(fmt::format("etp {}", p.etp), "experts are split over tp where a run does not say");
    }
    p.sequence_parallel = p.tp > 1 && s.sequence_parallel.value_or(run_.stack.sequence_parallel);
    if (!s.sequence_parallel && p.tp > 1) {
      assume(p.sequence_parallel ? "sequence parallel" : "no sequence parallelism", usual());
    }
  }

  void batch() {
    run_.batch.seq_len = stated_.batch->seq_len;
    run_.batch.global_sequences = stated_.batch->global_sequences;
    run_.batch.micro_sequences = stated_.batch->micro_sequences.value_or(1);
    if (!stated_.batch->micro_sequences) assume("micro-batches of one sequence", "the run states none");
  }

  void sharding() {
    const StatedParallelism& s = stated_.parallelism;
    Parallelism& p = run_.parallelism;
    p.sharding = s.sharding.value_or(run_.stack.sharding);
    if (!s.sharding) assume(fmt::format("sharding {}", name_of(p.sharding)), usual());
    p.sharding_group = s.sharding_group.value_or(0);
    if (p.sharding == Sharding::hsdp && p.sharding_group == 0) {
      p.sharding_group = smallest_fitting_group();
      assume(fmt::format("shard groups of {}", p.sharding_group),
             "the smallest power of two whose states take less than 45 % of memory");
    }
  }

  static std::string_view name_of(Sharding s) {
    for (const auto& [name, value] : sharding_names) {
      if (value == s) return name;
    }
    return "";
  }

  /// 18 bytes a parameter: 16-bit weight and gradient, fp32 master and moments, and a gathered layer.
  [[nodiscard]] int smallest_fitting_group() const {
    const Parallelism& p = run_.parallelism;
    const double share = models::parameter_counts(run_.model).total / (static_cast<double>(p.tp) * p.pp);
    int group = 8;
    while (group < p.dp && share * 18.0 / group > 0.45 * run_.cluster.gpu.memory.value()) group *= 2;
    return std::min(group, p.dp);
  }

  /// Whether what a layer keeps but its MLP's inside fits beside the states: its input, queries, keys, values, what
  /// attention gives, and the outputs of both blocks, 16 bits each.
  [[nodiscard]] bool fits_without_mlp() const {
    const Parallelism& p = run_.parallelism;
    const int group = p.sharding == Sharding::hsdp && p.sharding_group > 0 ? p.sharding_group : p.dp;
    const double ranks = static_cast<double>(p.tp) * p.pp * (p.sharding == Sharding::zero1 ? 1 : group);
    const double states = models::parameter_counts(run_.model).total / ranks * 18.0;
    double kept = 0;
    for (const models::Layer& layer : run_.model.kinds) {
      const models::Attention& a = layer.attention;
      kept = std::max(kept, 3.0 * run_.model.hidden + (2.0 * a.heads + 2.0 * a.kv_heads) * a.head_dim);
    }
    const double tokens = static_cast<double>(run_.batch.micro_sequences) * run_.batch.seq_len / p.cp;
    const double activations = 2.0 * tokens * kept * run_.model.layers() / p.tp;
    return states + activations < 0.9 * run_.cluster.gpu.memory.value();
  }

  void schedule() {
    Parallelism& p = run_.parallelism;
    if (stated_.parallelism.schedule) {
      p.schedule = *stated_.parallelism.schedule;
    } else if (dualpipe_) {
      p.schedule = Schedule::dualpipe;
    } else if (p.vp > 1) {
      p.schedule = Schedule::interleaved;
    } else {
      p.schedule = run_.stack.schedule;
      if (p.pp > 1 && p.schedule == Schedule::dualpipe) assume("schedule DualPipe", usual());
    }
    if (p.schedule == Schedule::interleaved && overlaps_exchange(run_)) p.schedule = Schedule::interleaved_overlap;
    if (p.pp == 1) p.schedule = Schedule::one_f_one_b;
  }

  void recompute() {
    Recompute& r = run_.recompute;
    if (!stated_.recompute) {
      r.mode = run_.stack.recompute;
      r.modules = run_.stack.recompute_modules;
      r.silent = run_.stack.silent_recompute;
      if (run_.stack.recomputes_least && fits_without_mlp()) {
        r.mode = RecomputeMode::selective;
        r.modules.add(Module::mlp);
        assume("recompute of MLPs only: the rest of the activations fits", usual());
      } else {
        assume("recompute as by default", usual());
      }
    } else {
      r.mode = stated_.recompute->mode;
      r.layers = stated_.recompute->layers.value_or(run_.model.layers());
      if (stated_.recompute->modules) r.modules = *stated_.recompute->modules;
    }
    if (r.mode == RecomputeMode::selective && r.modules.empty()) r.modules.add(Module::core_attn);
  }

  void routing() {
    run_.routing = stated_.routing.value_or(Routing::unknown);
    if (run_.routing != Routing::unknown || !run_.model.has_experts()) return;
    run_.routing = run_.stack.routing;
    if (run_.routing == Routing::natural) {
      assume("experts as loaded as their router leaves them", usual());
    } else if (!stated_.routing) {
      assume("nearly balanced experts", "the run does not say how tokens are routed");
    }
  }

  void dispatcher() {
    const std::string& since = run_.stack.deduplicates_across_domains_since;
    if (since.empty() || since > run_.software_date || run_.features.has(Feature::all_to_all_dispatch)) return;
    run_.deduplicates_across_domains = true;
    if (!run_.model.has_experts() || run_.features.has(Feature::node_dedup_dispatch)) return;
    if (run_.parallelism.ep * run_.parallelism.etp <= run_.cluster.nvlink_domain) return;
    assume("one copy of a token a destination node", usual() + " where experts leave an NVLink domain");
  }

  const StatedRun& stated_;
  Run& run_;
  bool dualpipe_ = false;
};

}  // namespace

std::optional<Run> complete(const StatedRun& stated, const Catalogue& catalogue, Diagnostics& faults,
                            const Diagnostic& place) {
  std::optional<Stack> stack = find_stack(catalogue, stated.stack, faults, place);
  if (!stack || !stated.model || !stated.cluster || !stated.batch) return std::nullopt;
  Run run;
  run.model = stated.model->spec;
  run.name = run.model.name;
  run.cluster = *stated.cluster;
  run.stack = std::move(*stack);
  for (const std::string& note : stated.model->notes) run.notes.push_back(note);
  Completion(stated, run).all();
  for (const std::string& text : run.cluster.assumptions) run.assumptions.push_back({text, "cluster"});
  return run;
}

}  // namespace sextant::sim
