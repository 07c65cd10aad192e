// SPDX-License-Identifier: Apache-2.0
#include "sim/step/step.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "sim/step/layer_cost.hpp"
#include "sim/workload/state.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim {

namespace {

constexpr double state_hbm_share = 0.8;       // optimizer and accumulation kernels stream
constexpr double embedding_hbm_share = 0.5;   // gather and scatter-add of rows
constexpr double embedding_bytes = 8;         // an element: forward and backward
constexpr double logit_bytes = 22;            // an element: softmax, loss and their gradient
constexpr double optimizer_bytes = 34;        // a parameter: read and write of fp32 states, gradient, 16-bit weight
constexpr double hidden_backward_share = 0.6; // of a micro-batch's stage time that can hide the gradient reduction

double imbalance(const Run& run, const Parameters& p) {
  switch (run.routing) {
    case Routing::balanced:
    case Routing::dropped: return 1.0;
    case Routing::natural: return p[Parameter::imbalance_natural];
    case Routing::unknown: return p[Parameter::imbalance_unknown];
  }
  return 1.0;
}

class StepModel {
 public:
  StepModel(const Run& run, const Parameters& p)
      : run_(run),
        par_(run.parallelism),
        p_(p),
        device_(device(run.cluster.gpu, run.stack, choice(run), p)),
        communication_(run, p),
        layout_(stage_layout(run.model, virtual_stages(par_))),
        state_(largest_rank(run, layout_)),
        microbatches_(run.microbatches()) {}

  StepEstimate evaluate(StepWorkspace& workspace) {
    layer_costs();
    stage_costs();
    StepEstimate e;
    e.microbatches = microbatches_;
    const PipelineResult pipe = run_pipeline(pipeline_input(), workspace.pipeline);
    e.busiest_rank = pipe.busiest_rank;
    add_rank(e.terms, pipe.busiest_rank);
    // Overlapped schedules hide exchange behind another micro-batch's compute: what the executor still saw of it counts.
    const Seconds hidden = e.terms.sum() - pipe.busy;
    e.terms[Term::expert_comm] -= min(hidden, e.terms[Term::expert_comm]);
    e.terms[Term::shard_comm] = shard_exposed_ * microbatches_;
    e.terms[Term::bubble] = pipe.makespan - e.terms.sum();
    e.bubble = e.terms[Term::bubble];
    e.terms[Term::gradient_comm] = gradient_comm(pipe);
    e.terms[Term::optimizer] = optimizer();
    e.terms[Term::fixed] = Seconds{p_[Parameter::step_fixed_time]};
    const double nodes = std::max(1.0, run_.cluster.gpus / 8.0);
    e.terms[Term::straggler] = e.terms.sum() * (p_[Parameter::straggler_per_doubling] * std::log2(nodes));
    e.time = e.terms.sum();
    return e;
  }

 private:
  static DeviceChoice choice(const Run& run) {
    return {run.precision, run.attention, run.stack.compiled || run.features.has(Feature::compiled)};
  }

  void layer_costs() {
    const LayerContext context{run_, device_, communication_, p_};
    const double im = imbalance(run_, p_);
    for (const models::Layer& layer : run_.model.kinds) {
      const bool moe = layer.mlp.kind == models::Mlp::Kind::moe;
      layers_.push_back(layer_cost(expand_layer(run_, layer, im), moe, context));
    }
  }

  /// Output head and loss of one micro-batch, forward and backward.
  [[nodiscard]] Seconds head_time() const {
    const double t = tokens();
    const double width = static_cast<double>(run_.model.vocab) / par_.tp;
    const LinearTime l = linear_time(device_, device_.gemm16, {t, width, static_cast<double>(run_.model.hidden)});
    return l.forward + l.input_gradient + l.weight_gradient +
           Bytes{t * width * logit_bytes} / (device_.hbm * state_hbm_share);
  }
  [[nodiscard]] Seconds embedding_time() const {
    return Bytes{tokens() * run_.model.hidden * embedding_bytes} / (device_.hbm * embedding_hbm_share);
  }
  [[nodiscard]] double tokens() const {
    return static_cast<double>(run_.batch.micro_sequences) * run_.batch.seq_len / par_.cp;
  }

  /// Cost of one micro-batch on one virtual stage.
  struct Stage {
    Terms terms;
    PipelineStage time;
  };

  void stage_costs() {
    const int n = layout_.virtual_stages;
    stages_.resize(static_cast<std::size_t>(n));
    const double chunks = static_cast<double>(n) / par_.pp;
    const Seconds accumulate = accumulation() / chunks;
    const Seconds engine{run_.stack.fixed_micro_batch_cost ? p_[Parameter::host_pipeline_engine] / chunks : 0.0};
    const Seconds blocking = send_time() * (2.0 * p_[Parameter::pipeline_send_exposed]);
    for (int s = 0; s < n; ++s) {
      Stage& stage = stages_[static_cast<std::size_t>(s)];
      for (int k = 0; k < layout_.kinds; ++k) add_layers(stage, layers_[static_cast<std::size_t>(k)], layout_.count(s, k));
      if (s == 0) add_flat(stage, Term::embedding, embedding_time(), 0.5);
      if (s == n - 1) add_output(stage);
      add_flat(stage, Term::accumulation, accumulate, 0.0);
      add_flat(stage, Term::engine, engine, 0.5);
      if (par_.pp > 1) add_flat(stage, Term::pipeline_comm, blocking, 0.5);
    }
  }

  void add_layers(Stage& stage, const LayerCost& cost, double count) {
    if (count == 0) return;
    stage.terms.add(cost.forward, count);
    stage.terms.add(cost.backward, count);
    PipelineStage& t = stage.time;
    t.forward += cost.forward_time() * count;
    t.backward += cost.backward_time() * count;
    t.weight_gradient += cost.weight_gradient * count;
    t.forward_compute += cost.forward_compute * count;
    t.backward_compute += cost.backward_compute * count;
    t.forward_exchange += cost.forward_exchange * count;
    t.backward_exchange += cost.backward_exchange * count;
  }

  void add_output(Stage& stage) {
    const int mtp = run_.model.mtp_layers;
    add_flat(stage, Term::head, head_time() * (1.0 + mtp), 1.0 / 3.0);
    if (mtp > 0) {
      const int last = run_.model.layer_kind.back();
      add_layers(stage, layers_[static_cast<std::size_t>(last)], mtp);
      const double h = run_.model.hidden;
      const LinearTime l = linear_time(device_, device_.gemm_low, {tokens(), h, 2 * h});
      add_flat(stage, Term::gemm, (l.forward + l.input_gradient + l.weight_gradient) * mtp, 1.0 / 3.0);
    }
  }

  static void add_flat(Stage& stage, Term term, Seconds time, double forward_share) {
    stage.terms[term] += time;
    stage.time.forward += time * forward_share;
    stage.time.backward += time * (1.0 - forward_share);
    stage.time.forward_compute += time * forward_share;
    stage.time.backward_compute += time * (1.0 - forward_share);
  }

  [[nodiscard]] Seconds accumulation() const {
    const double share = microbatches_ > 1 ? 1.0 : 0.5;
    return Bytes{share * p_[Parameter::gradient_accumulation_bytes] * state_.total()} / (device_.hbm * state_hbm_share);
  }

  [[nodiscard]] Seconds send_time() const {
    const double rows = par_.sequence_parallel ? tokens() / par_.tp : tokens();
    return communication_.pipeline_send(Bytes{2.0 * rows * run_.model.hidden});
  }

  [[nodiscard]] PipelineInput pipeline_input() {
    PipelineInput in;
    in.schedule = par_.schedule;
    in.ranks = par_.pp;
    in.microbatches = microbatches_;
    in.hop = send_time();
    for (const Stage& s : stages_) in.stages.push_back(s.time);
    shard_exposure(in);
    return in;
  }

  /// ZeRO-3 gathers run beside each micro-batch: a stage takes the soft maximum of both.
  void shard_exposure(PipelineInput& in) {
    const Seconds traffic = shard_traffic();
    if (!(traffic.value() > 0)) return;
    Seconds longest;
    for (const PipelineStage& s : in.stages) longest = max(longest, s.forward + s.backward);
    shard_exposed_ = soft_max(longest, traffic, p_[run_.stack.shard_gather_overlap]) - longest;
    for (PipelineStage& s : in.stages) s.backward += shard_exposed_ / (static_cast<double>(in.stages.size()) / par_.pp);
  }

  [[nodiscard]] bool gathers_parameters() const {
    return par_.sharding == Sharding::zero3 || par_.sharding == Sharding::hsdp;
  }
  [[nodiscard]] bool scatters_each_microbatch() const {
    return par_.sharding == Sharding::zero2 && run_.stack.zero2_reduces_every_micro_batch;
  }

  [[nodiscard]] double gradient_bytes() const {
    return run_.features.has(Feature::fp32_gradients) ? 4.0 : run_.stack.gradient_bytes;
  }

  [[nodiscard]] int shard_group() const {
    const int all = par_.dp * par_.cp;
    return par_.sharding == Sharding::hsdp && par_.sharding_group > 0 ? std::min(all, par_.sharding_group * par_.cp) : all;
  }

  /// Parameter gathers and the gradient scatter of one micro-batch.
  [[nodiscard]] Seconds shard_traffic() const {
    if (!gathers_parameters() && !scatters_each_microbatch()) return Seconds{};
    const double calls = run_.model.layers();
    const Seconds gather = communication_.shard_gather(Bytes{2.0 * state_.total()}, shard_group(), calls);
    const Seconds scatter = communication_.shard_gather(Bytes{gradient_bytes() * state_.total()}, shard_group(), calls);
    return gather * (gathers_parameters() ? 2.0 : 1.0) + scatter;
  }

  [[nodiscard]] Seconds gradient_comm(const PipelineResult& pipe) const {
    if (gathers_parameters() || scatters_each_microbatch()) {
      const int replicas = par_.sharding == Sharding::hsdp ? par_.dp * par_.cp / std::max(1, shard_group()) : 1;
      if (replicas <= 1) return Seconds{};
      return communication_.replica_reduce(Bytes{gradient_bytes() * state_.total() / shard_group()}, replicas) * 0.5;
    }
    Seconds alone = communication_.gradient_half(Bytes{gradient_bytes() * state_.dense}, false) +
                    communication_.gradient_half(Bytes{2.0 * state_.dense}, false);
    if (state_.experts > 0) {
      alone += communication_.gradient_half(Bytes{gradient_bytes() * state_.experts}, true) +
               communication_.gradient_half(Bytes{2.0 * state_.experts}, true);
    }
    const bool hidden = run_.stack.gradients == Overlap::overlapped ||
                        run_.features.has(Feature::distributed_optimizer) ||
                        run_.features.has(Feature::grad_reduce_overlap);
    if (!hidden) return alone;
    return max(alone * p_[Parameter::gradients_exposed_overlapped],
               alone - pipe.mean_microbatch * hidden_backward_share);
  }

  [[nodiscard]] Seconds optimizer() const {
    const bool sharded = par_.sharding == Sharding::zero1 || par_.sharding == Sharding::zero2 || gathers_parameters();
    double dense = state_.dense;
    double experts = state_.experts;
    if (sharded) {
      const double group = par_.sharding_group > 0 ? std::min(par_.sharding_group, par_.dp * par_.cp) : par_.dp * par_.cp;
      dense /= std::max(1.0, group);
      experts /= std::max(1.0, std::min<double>(group, par_.edp()));
    }
    return Bytes{p_[Parameter::optimizer_traffic] * (dense + experts) * optimizer_bytes} /
           (device_.hbm * state_hbm_share);
  }

  /// The named work of one pipeline rank in the whole step.
  void add_rank(Terms& terms, int rank) const {
    for (int s = 0; s < layout_.virtual_stages; ++s) {
      if (rank_of(s, par_) == rank) terms.add(stages_[static_cast<std::size_t>(s)].terms, microbatches_);
    }
  }

  const Run& run_;
  const Parallelism& par_;
  const Parameters& p_;
  Device device_;
  Communication communication_;
  StageLayout layout_;
  RankParameters state_;
  double microbatches_;
  std::vector<LayerCost> layers_;
  std::vector<Stage> stages_;
  Seconds shard_exposed_;
};

}  // namespace

StepEstimate evaluate(const Run& run, const Parameters& parameters, StepWorkspace& workspace) {
  return StepModel(run, parameters).evaluate(workspace);
}

StepEstimate evaluate(const Run& run, const Parameters& parameters) {
  StepWorkspace workspace;
  return evaluate(run, parameters, workspace);
}

}  // namespace sextant::sim
