// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/describe.hpp"
#include "sim/report/explain.hpp"
#include "sim/report/names.hpp"
#include "sim/report/operator_text.hpp"
#include "sim/report/reports.hpp"
#include "sim/step/step_parts.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim::report {

namespace {

class StepExplanation {
 public:
  StepExplanation(const Explained& e, const TermInfo& info)
      : e_(e), run_(e.run), par_(e.run.parallelism), info_(info), parts_(step_parts(e.run, e.calibration.parameters)) {}

  Report build() {
    head();
    std::vector<Input> inputs = common();
    for (Input& i : own()) inputs.push_back(std::move(i));
    r_.add(input_table(inputs));
    operators();
    measured();
    if (info_.term == Term::bubble) stages();
    r_.add(influence_table(e_.calibration, influences(e_, info_.term), "Calibrated parameters that move it"));
    return std::move(r_);
  }

 private:
  [[nodiscard]] Seconds value() const { return e_.prediction.step.terms[info_.term]; }
  [[nodiscard]] const hardware::Accelerator& gpu() const { return run_.cluster.gpu; }

  void head() {
    r_.format = "sextant/explain/1";
    r_.title = fmt::format("{}: {}", info_.tag, info_.title);
    r_.subtitle = fmt::format("{}; {}", run_title(run_), layout_text(run_));
    r_.add(Fact{.key = "tag", .value = std::string(info_.tag)});
    r_.add(Figure{.key = "value",
                  .label = "value",
                  .value = value().value(),
                  .unit = Unit::seconds,
                  .note = fmt::format("of a step of {}", format(e_.prediction.step.time.value(), Unit::seconds))});
    r_.add(Figure{.key = "share", .label = "share", .value = value() / e_.prediction.step.time, .unit = Unit::share});
    r_.add(Fact{"formula", "formula", std::string(info_.formula)});
    r_.add(Fact{"source", "source", std::string(info_.source)});
  }

  // ---- inputs ----

  /// Micro-batches that a rank works through on a virtual stage; in DualPipe half of them on its mirror's.
  [[nodiscard]] double passes(int stage) const {
    const int rank = e_.prediction.step.busiest_rank;
    const bool both_ways = par_.schedule == Schedule::dualpipe && par_.pp > 1;
    if (!both_ways) return rank_of(stage, par_) == rank ? parts_.microbatches : 0.0;
    double share = 0;
    if (rank_of(stage, par_) == rank) share += 0.5;
    if (par_.pp - 1 - stage == rank) share += 0.5;
    return share * parts_.microbatches;
  }

  /// Layers of a kind x micro-batches on the busiest rank.
  [[nodiscard]] double layer_passes(int kind) const {
    double sum = 0;
    for (int s = 0; s < parts_.layout.virtual_stages; ++s) sum += passes(s) * parts_.layout.count(s, kind);
    return sum;
  }

  [[nodiscard]] std::vector<Input> common() const {
    std::vector<Input> list;
    list.push_back({"tokens of a micro-batch on a rank",
                    static_cast<double>(run_.batch.micro_sequences) * run_.batch.seq_len / par_.cp, Unit::count,
                    fmt::format("{} x {} / cp {}", run_.batch.micro_sequences, run_.batch.seq_len, par_.cp)});
    list.push_back(
        {"micro-batches", parts_.microbatches, Unit::number,
         fmt::format("{} / (dp {} x {})", run_.batch.global_sequences, par_.dp, run_.batch.micro_sequences)});
    if (par_.pp > 1) {
      list.push_back({"busiest pipeline rank", static_cast<double>(e_.prediction.step.busiest_rank), Unit::count,
                      fmt::format("of {}", par_.pp)});
    }
    return list;
  }

  Input hbm() const {
    return {"HBM bandwidth", gpu().hbm.value(), Unit::bytes_per_s, "", gpu().source_of("hbm_bytes_per_s")};
  }

  [[nodiscard]] std::vector<Input> gemm_inputs(const GemmClass& g) const {
    const bool low = &g == &parts_.device.gemm_low && is_eight_bit_or_less(run_.precision);
    const char* sustained = low ? "sustained_fp8_gemm_flop_per_s" : "sustained_bf16_gemm_flop_per_s";
    return {{"GEMM rate for long K", g.rate.value(), Unit::flop_per_s, low ? "8-bit" : "16-bit",
             gpu().source_of(sustained)},
            {"K at half that rate", g.k_half, Unit::number},
            {"SMs", static_cast<double>(parts_.device.sms), Unit::count,
             run_.stack.reserved_sms > 0
                 ? fmt::format("{} of {} are kept for communication", run_.stack.reserved_sms, gpu().sm_count)
                 : "",
             gpu().source_of("sm_count")},
            {"wgrad rate", g.wgrad, Unit::share, "of the other passes"}};
  }

  [[nodiscard]] std::vector<Input> own() const {
    const Device& d = parts_.device;
    switch (info_.term) {
      case Term::gemm: return gemm_inputs(d.gemm_low);
      case Term::grouped_gemm: {
        std::vector<Input> list = gemm_inputs(d.gemm_low);
        list.push_back({"grouped rate", d.gemm_low.grouped, Unit::share, "of a dense GEMM's"});
        list.push_back(
            {"imbalance", parts_.imbalance, Unit::number, "tokens of the fullest expert rank over the mean"});
        return list;
      }
      case Term::head: return gemm_inputs(d.gemm16);
      case Term::attention:
        return {{"attention rate", d.attention.value(), Unit::flop_per_s,
                 fmt::format("causal FLOPs, {} kernel", name_of(run_.attention))},
                {"backward rate", d.attention_backward, Unit::share, "of the forward's"}};
      case Term::elementwise: return {hbm(), {"share of HBM reached", d.memory_bound, Unit::share, run_.stack.title}};
      case Term::cast:
      case Term::embedding:
      case Term::accumulation: return {hbm(), {"parameters of the rank", parts_.state.total(), Unit::parameters}};
      case Term::optimizer: return optimizer();
      case Term::gradient_comm:
      case Term::shard_comm: return reduction();
      case Term::pipeline_comm:
      case Term::bubble: return pipeline();
      case Term::straggler:
        return {{"nodes of 8 GPUs", run_.cluster.gpus / 8.0, Unit::number,
                 fmt::format("{:.1f} doublings", std::log2(std::max(1.0, run_.cluster.gpus / 8.0)))}};
      case Term::tensor_comm: return {{"tp", static_cast<double>(par_.tp), Unit::count}, nvlink()};
      case Term::context_comm: return {{"cp", static_cast<double>(par_.cp), Unit::count}, nvlink(), nic()};
      case Term::expert_comm:
        return {{"ep", static_cast<double>(par_.ep), Unit::count},
                {"imbalance", parts_.imbalance, Unit::number, "tokens of the fullest expert rank over the mean"},
                {"node limit of routing", static_cast<double>(run_.node_limit), Unit::count,
                 run_.node_limit == 0 ? "none" : ""},
                {"bytes an element, dispatch", run_.stack.dispatch_bytes, Unit::number, "", &run_.stack.source},
                nvlink(),
                nic()};
      case Term::recompute:
      case Term::host:
      case Term::engine:
      case Term::fixed:
      case Term::count_: break;
    }
    return {};
  }

  Input nvlink() const {
    return {"NVLink", gpu().nvlink.value(), Unit::bytes_per_s, "each direction", gpu().source_of("nvlink_bytes_per_s")};
  }
  Input nic() const { return {"network a GPU", run_.cluster.nic_per_gpu.value(), Unit::bytes_per_s, "each direction"}; }

  [[nodiscard]] std::vector<Input> optimizer() const {
    return {{"dense parameters of the rank", parts_.state.dense, Unit::parameters},
            {"expert parameters of the rank", parts_.state.experts, Unit::parameters},
            {"dp x cp", static_cast<double>(par_.dp) * par_.cp, Unit::count, std::string(name_of(par_.sharding))},
            {"edp", static_cast<double>(par_.edp()), Unit::count, "ranks that hold the same experts"},
            hbm()};
  }

  [[nodiscard]] std::vector<Input> reduction() const {
    return {{"dense parameters of the rank", parts_.state.dense, Unit::parameters},
            {"expert parameters of the rank", parts_.state.experts, Unit::parameters},
            {"bytes of a gradient as reduced", reduced_gradient_bytes(run_), Unit::number},
            {"dp x cp", static_cast<double>(par_.dp) * par_.cp, Unit::count},
            {"edp", static_cast<double>(par_.edp()), Unit::count},
            nic(),
            nvlink()};
  }

  [[nodiscard]] std::vector<Input> pipeline() const {
    const schedule::Schedule& row = schedule_row(par_.schedule);
    return {{"pipeline ranks", static_cast<double>(par_.pp), Unit::count},
            {"virtual stages", static_cast<double>(parts_.layout.virtual_stages), Unit::count},
            {"one send", parts_.hop.value(), Unit::seconds, "hidden states of a micro-batch to the next rank"},
            {"stages' equal-cost bubble",
             row.bubble({par_.pp, std::max(1, row.chunks > 0 ? row.chunks : par_.vp),
                         std::max(1, static_cast<int>(std::lround(parts_.microbatches))), 0},
                        mean_costs())
                 .value(),
             Unit::seconds, fmt::format("{}: {} ({})", row.name, row.bubble_formula, row.source)}};
  }

  [[nodiscard]] schedule::EqualCosts mean_costs() const {
    schedule::EqualCosts c;
    const auto n = static_cast<double>(parts_.stages.size());
    for (const StageCost& s : parts_.stages) {
      c.forward += s.time.forward / n;
      c.weight_gradient += s.time.weight_gradient / n;
      c.input_gradient += (s.time.backward - s.time.weight_gradient) / n;
    }
    c.pair = c.total();
    return c;
  }

  // ---- tables ----

  /// Each operator's own time, as if the layer held nothing else.
  void operators() {
    Table t{.key = "operators",
            .title = "Operators, by layer kind",
            .columns = {{"layer", "layer", Unit::text},
                        {"operator", "operator", Unit::text},
                        {"shape", "M x N x K, or size", Unit::text},
                        {"forward_s", "forward", Unit::seconds},
                        {"backward_s", "backward", Unit::seconds},
                        {"times", "times", Unit::count},
                        {"total_s", "a step", Unit::seconds}}};
    const LayerContext context{run_, parts_.device, parts_.communication, e_.calibration.parameters};
    for (const models::LayerGroup& group : models::layer_groups(run_.model)) {
      const models::Layer& layer = run_.model.kinds[group.index];
      const bool moe = layer.mlp.kind == models::Mlp::Kind::moe;
      const double times = layer_passes(static_cast<int>(group.index));
      if (times == 0) continue;
      for (const Op& op : expand_layer(run_, layer, parts_.imbalance)) {
        LayerWork alone;
        alone.add(op);
        const LayerCost cost = layer_cost(alone, moe, context);
        const Seconds forward = cost.forward[info_.term];
        const Seconds backward = cost.backward[info_.term];
        if (forward.value() == 0 && backward.value() == 0) continue;
        t.rows.push_back({group.kind, std::string(name_of(op.name)), shape_text(op), forward.value(), backward.value(),
                          times, (forward + backward).value() * times});
      }
    }
    const bool by_operator = info_.term != Term::host && info_.term != Term::bubble;
    if (by_operator && !t.rows.empty()) r_.add(std::move(t));
  }

  /// As the operators' table has it; nothing for what lies beside the layers.
  [[nodiscard]] Cell layer_name(int kind) const {
    for (const models::LayerGroup& group : models::layer_groups(run_.model)) {
      if (static_cast<int>(group.index) == kind) return group.kind;
    }
    return {};
  }

  /// What profiles know of the term's kernels.
  void measured() {
    if (e_.prediction.coverage.of(info_.term) == nullptr) return;
    Table t{.key = "measured",
            .title = "Measured near these shapes",
            .columns = {{"layer", "layer", Unit::text},
                        {"operator", "operator", Unit::text},
                        {"pass", "pass", Unit::text},
                        {"flop_share", "FLOPs", Unit::share},
                        {"distance", "distance", Unit::number},
                        {"measured_s", "measured", Unit::seconds},
                        {"used", "", Unit::text},
                        {"", "used", Unit::text},
                        {"profile", "profile", Unit::text},
                        {"source", "", Unit::text}}};
    double all = 0;
    const std::vector<KernelEvidence> evidence = kernel_evidence(run_, e_.calibration.parameters);
    for (const KernelEvidence& k : evidence) all += k.term == info_.term ? k.flops.value() : 0.0;
    for (const KernelEvidence& k : evidence) {
      if (k.term != info_.term || !k.near) continue;
      t.rows.push_back({layer_name(k.kind), std::string(name_of(k.op)), std::string(hardware::name_of(k.pass)),
                        k.flops.value() / all, k.near->distance, k.near->time.value(), k.timed,
                        std::string(k.timed ? "yes" : "no"), k.near->profile->id,
                        fmt::format("{}, {}", k.near->source->title, k.near->source->where)});
    }
    if (t.rows.empty()) {
      r_.add(Fact{"measured_shapes", "measured", fmt::format("nothing near these shapes on {}", gpu().id)});
      return;
    }
    r_.add(std::move(t));
  }

  void stages() {
    Table t{.key = "stages",
            .title = "One micro-batch on each virtual stage",
            .columns = {{"stage", "stage", Unit::count},
                        {"rank", "rank", Unit::count},
                        {"layers", "layers", Unit::count},
                        {"forward_s", "forward", Unit::seconds},
                        {"backward_s", "backward", Unit::seconds},
                        {"weight_gradient_s", "of it weights", Unit::seconds}}};
    for (std::size_t s = 0; s < parts_.stages.size(); ++s) {
      const PipelineStage& p = parts_.stages[s].time;
      const int stage = static_cast<int>(s);
      t.rows.push_back({static_cast<double>(s), static_cast<double>(rank_of(stage, par_)),
                        static_cast<double>(parts_.layout.layers(stage)), p.forward.value(), p.backward.value(),
                        p.weight_gradient.value()});
    }
    r_.add(std::move(t));
  }

  const Explained& e_;
  const Run& run_;
  const Parallelism& par_;
  const TermInfo& info_;
  StepParts parts_;
  Report r_;
};

}  // namespace

Report explain_step_term(const Explained& e, const TermInfo& info) { return StepExplanation(e, info).build(); }

}  // namespace sextant::sim::report
