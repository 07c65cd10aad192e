// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/layouts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "models/counts.hpp"
#include "sim/memory/feasibility.hpp"
#include "sim/memory/memory.hpp"
#include "sim/step/step.hpp"

namespace sextant::sim {

namespace {

constexpr std::array tensor_degrees{1, 2, 4, 8};
constexpr std::array pipeline_degrees{1,  2,  3,  4,  5,  6,  7,  8,  10, 12, 14, 15,
                                      16, 18, 20, 24, 25, 28, 30, 32, 35, 40, 48, 64};
constexpr std::array chunk_degrees{1, 2, 4};
constexpr std::array context_degrees{1, 2, 4, 8, 16, 32};
constexpr std::array expert_degrees{1, 2, 4, 8, 16, 32, 64};
constexpr std::array micro_batches{1, 2, 4, 8};
constexpr int tokens_without_context_parallelism = 16384;
constexpr double kept_share = 0.10;
constexpr double kept_within = 1.25;  // of the fastest step
constexpr std::size_t kept_most = 24;

/// The stated value alone, or the usual ones.
template <std::size_t N>
std::vector<int> choices(const std::optional<int>& stated, const std::array<int, N>& usual) {
  return stated ? std::vector<int>{*stated} : std::vector<int>(usual.begin(), usual.end());
}

class Search {
 public:
  Search(const Run& base, const LayoutFreedom& freedom, const Parameters& parameters)
      : run_(base), freedom_(freedom), parameters_(parameters), sequences_(base.batch.global_sequences) {}

  LayoutSearch result() {
    const bool sharded = gathers(freedom_.sharding.value_or(run_.stack.sharding));
    // Where parameters are gathered anyway, tensor and pipeline parallelism are not used unless stated.
    const std::vector<int> alone{1};
    for (const int tp : sharded && !freedom_.tp ? alone : choices(freedom_.tp, tensor_degrees)) {
      for (const int pp : sharded && !freedom_.pp ? alone : choices(freedom_.pp, pipeline_degrees)) {
        for (const int cp : context_choices()) with_ranks(tp, pp, cp);
      }
    }
    return keep();
  }

 private:
  static bool gathers(Sharding s) { return s == Sharding::zero3 || s == Sharding::hsdp; }

  [[nodiscard]] std::vector<int> context_choices() const {
    if (freedom_.cp) return {*freedom_.cp};
    if (run_.batch.seq_len < tokens_without_context_parallelism) return {1};
    return {context_degrees.begin(), context_degrees.end()};
  }

  [[nodiscard]] std::vector<int> expert_choices() const {
    if (!run_.model.has_experts()) return {1};
    return choices(freedom_.ep, expert_degrees);
  }

  void with_ranks(int tp, int pp, int cp) {
    const long long pipeline = static_cast<long long>(tp) * pp * cp;
    if (pipeline > run_.cluster.gpus || run_.cluster.gpus % pipeline != 0) return;
    Parallelism& p = run_.parallelism;
    p = {};
    p.tp = tp;
    p.pp = pp;
    p.cp = cp;
    p.dp = static_cast<int>(run_.cluster.gpus / pipeline);
    if (freedom_.dp && *freedom_.dp != p.dp) return;
    if (p.dp > sequences_) return;
    p.sequence_parallel = tp > 1 && run_.stack.sequence_parallel;
    p.sharding = freedom_.sharding.value_or(run_.stack.sharding);
    if (p.sharding == Sharding::hsdp)
      p.sharding_group = std::min(p.dp, 8 * std::max(1, run_.cluster.gpus_per_node / 8));
    for (const int ep : expert_choices()) {
      p.ep = ep;
      p.etp = freedom_.etp.value_or(1);
      with_chunks();
    }
  }

  void with_chunks() {
    Parallelism& p = run_.parallelism;
    const std::vector<int> chunks = p.pp == 1 ? std::vector<int>{1} : choices(freedom_.vp, chunk_degrees);
    for (const int vp : chunks) {
      p.vp = vp;
      p.schedule = schedule();
      if (vp > 1 && p.schedule != Schedule::interleaved) continue;
      for (const int micro : micro_batches) with_micro_batch(micro);
    }
  }

  [[nodiscard]] Schedule schedule() const {
    const Parallelism& p = run_.parallelism;
    if (p.pp == 1) return Schedule::one_f_one_b;
    if (freedom_.schedule) return *freedom_.schedule;
    return p.vp > 1 ? Schedule::interleaved : run_.stack.schedule;
  }

  void with_micro_batch(int micro) {
    Batch& b = run_.batch;
    const int at_once = run_.parallelism.dp * micro;
    if (at_once > sequences_) return;
    b.micro_sequences = micro;
    // A batch that the ranks do not divide is rounded by its users; the rules are asked about the rounded one.
    b.global_sequences = (sequences_ + at_once - 1) / at_once * at_once;
    const bool whole = !broken_rule(run_);
    b.global_sequences = sequences_;
    if (whole) with_recompute();
  }

  /// The lightest recompute that fits.
  void with_recompute() {
    Recompute usual;
    usual.mode = run_.stack.recompute;
    usual.modules = run_.stack.recompute_modules;
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
    const std::array<Recompute, 5> list{Recompute{}, usual, selective, spared, full};
    const std::size_t first = usual.mode == RecomputeMode::none ? 0 : 1;
    for (std::size_t i = first; i < list.size(); ++i) {
      run_.recompute = list[i];
      if (memory(run_).fits()) return add(true);
    }
    if (freedom_.must_fit) return;
    run_.recompute = usual;
    add(false);
  }

  /// What distinguishes a candidate from the base run.
  struct Candidate {
    Parallelism parallelism;
    Batch batch;
    Recompute recompute;
    Seconds step;
  };

  void add(bool fits) {
    (fits ? found_ : tight_)
        .push_back({run_.parallelism, run_.batch, run_.recompute, evaluate(run_, parameters_).time});
  }

  LayoutSearch keep() {
    LayoutSearch out;
    const bool fits = !found_.empty();
    std::vector<Candidate> all = fits || freedom_.must_fit ? std::move(found_) : std::move(tight_);
    out.considered = static_cast<int>(all.size());
    std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.step < b.step; });
    const auto tenth = static_cast<std::size_t>(std::ceil(kept_share * static_cast<double>(all.size())));
    for (std::size_t i = 0; i < std::min(tenth, kept_most) && all[i].step <= all[0].step * kept_within; ++i) {
      run_.parallelism = all[i].parallelism;
      run_.batch = all[i].batch;
      run_.recompute = all[i].recompute;
      out.kept.push_back({run_, all[i].step, fits});
    }
    return out;
  }

  Run run_;
  const LayoutFreedom& freedom_;
  const Parameters& parameters_;
  int sequences_;
  std::vector<Candidate> found_;
  std::vector<Candidate> tight_;  ///< whole, but too large for memory
};

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
  return Search(base, freedom, parameters).result();
}

}  // namespace sextant::sim
