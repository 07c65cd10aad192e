// SPDX-License-Identifier: Apache-2.0
#include "sim/step/step_parts.hpp"

#include <algorithm>

#include "sim/kernel/measured.hpp"
#include "sim/step/overlap.hpp"
#include "sim/step/stage_terms.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim {

namespace {

constexpr double embedding_hbm_share = 0.5;  // gather and scatter-add of rows
constexpr double embedding_bytes = 8;        // an element: forward and backward

double tokens(const Run& run) {
  return static_cast<double>(run.batch.micro_sequences) * run.batch.seq_len / run.parallelism.cp;
}

/// Fills the costs of stages.
class StageCosting {
 public:
  StageCosting(const Run& run, const Parameters& p, StepParts& parts) : run_(run), p_(p), parts_(parts) {}

  void stages() {
    const Parallelism& par = run_.parallelism;
    const StageLayout& layout = parts_.layout;
    const int n = layout.virtual_stages;
    parts_.stages.assign(static_cast<std::size_t>(n), {});
    const double chunks = static_cast<double>(n) / par.pp;
    const Seconds accumulate = accumulation() / chunks;
    const Seconds engine{run_.stack.fixed_micro_batch_cost ? p_[Parameter::host_pipeline_engine] / chunks : 0.0};
    const Seconds sends = send_cost(run_, parts_.hop, contention_of(p_)) * 2.0;
    for (int s = 0; s < n; ++s) {
      StageCost& stage = parts_.stages[static_cast<std::size_t>(s)];
      if (s > 1 && s < n - 1 && layout.same_layers(s - 1, s)) {
        stage = parts_.stages[static_cast<std::size_t>(s) - 1];
        continue;
      }
      for (int k = 0; k < layout.kinds; ++k) {
        add_layers(stage, parts_.layers[static_cast<std::size_t>(k)], layout.count(s, k));
      }
      if (s == 0) add_flat(stage, Term::embedding, parts_.ends.embedding);
      if (s == n - 1) add_output(stage);
      add_flat(stage, Term::accumulation, accumulate);
      add_flat(stage, Term::engine, engine);
      if (par.pp > 1) add_flat(stage, Term::pipeline_comm, sends);
    }
  }

  /// ZeRO-3 traffic of a micro-batch beside the passes of the average rank.
  void shards() {
    parts_.shard_exposed = {};
    const ShardTraffic traffic = shard_traffic();
    if (!(traffic.scatter.value() > 0)) return;
    const int ranks = run_.parallelism.pp;
    Passes compute;
    for (const StageCost& s : parts_.stages) {
      compute.forward += s.time.forward / ranks;
      compute.backward += s.time.backward / ranks;
    }
    const double layers = static_cast<double>(run_.model.layers()) / ranks;
    const Passes added = exposed_shards(run_, traffic, compute, layers, contention_of(p_));
    parts_.shard_exposed = added.forward + added.backward;
    const double chunks = static_cast<double>(parts_.stages.size()) / ranks;
    for (StageCost& s : parts_.stages) add_passes(s, Term::shard_comm, added.forward / chunks, added.backward / chunks);
  }

 private:
  [[nodiscard]] Seconds accumulation() const {
    const double share = parts_.microbatches > 1 ? 1.0 : 0.5;
    return accumulation_time(run_, parts_.device, p_, share * parts_.state.total());
  }

  [[nodiscard]] ShardTraffic shard_traffic() const {
    const bool gathers = gathers_parameters(run_);
    if (!gathers && !scatters_each_microbatch(run_)) return {};
    const double calls = run_.model.layers();
    const double held = parts_.state.total();
    const Communication& c = parts_.communication;
    const Seconds gather = c.shard_gather(Bytes{2.0 * held}, shard_group(run_), calls);
    const Seconds scatter = c.shard_gather(Bytes{reduced_gradient_bytes(run_) * held}, shard_group(run_), calls);
    return {gathers ? gather : Seconds{}, scatter};
  }

  void add_output(StageCost& stage) {
    const int mtp = run_.model.mtp_layers;
    add_flat(stage, Term::head, parts_.ends.head * (1.0 + mtp));
    if (mtp == 0) return;
    add_layers(stage, parts_.layers[run_.model.mtp_kind_or_last()], mtp);
    add_flat(stage, Term::gemm, parts_.ends.mtp_projection * mtp);
  }

  static void add_layers(StageCost& stage, const LayerCost& cost, double count) {
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

  static void add_flat(StageCost& stage, Term term, Seconds time) {
    const double forward_share = forward_share_beside_layers(term);
    add_passes(stage, term, time * forward_share, time * (1.0 - forward_share));
  }

  static void add_passes(StageCost& stage, Term term, Seconds forward, Seconds backward) {
    stage.terms[term] += forward + backward;
    stage.time.forward += forward;
    stage.time.backward += backward;
    stage.time.forward_compute += forward;
    stage.time.backward_compute += backward;
  }

  const Run& run_;
  const Parameters& p_;
  StepParts& parts_;
};

Seconds head_time(const Run& run, const Device& d) {
  const double t = tokens(run);
  const double width = static_cast<double>(run.model.vocab) / run.parallelism.tp;
  const LinearTime l = linear_time(d, d.gemm16, {t, width, static_cast<double>(run.model.hidden)});
  return l.forward + l.input_gradient + l.weight_gradient +
         Bytes{t * width * loss_bytes_at(run.stack, run.software_date)} / (d.hbm * state_hbm_share);
}

Seconds embedding_time(const Run& run, const Device& device) {
  return Bytes{tokens(run) * run.model.hidden * embedding_bytes} / (device.hbm * embedding_hbm_share);
}

Seconds mtp_projection_time(const Run& run, const Device& device) {
  if (run.model.mtp_layers == 0) return {};
  const double h = run.model.hidden;
  const LinearTime l = linear_time(device, device.gemm_low, {tokens(run), h, 2 * h});
  return l.forward + l.input_gradient + l.weight_gradient;
}

}  // namespace

EndTimes end_times(const Run& run, const Device& device) {
  return {embedding_time(run, device), head_time(run, device), mtp_projection_time(run, device)};
}

Seconds accumulation_time(const Run& run, const Device& device, const Parameters& p, double count) {
  if (run.stack.wgrad_accumulates && is_eight_bit_or_less(run.precision)) return Seconds{};
  return Bytes{count * p[Parameter::gradient_accumulation_bytes]} / (device.hbm * state_hbm_share);
}

Device device_of(const Run& run, const Parameters& p) {
  Device d = device(run.cluster.gpu, run.stack, {run.precision, run.attention}, p);
  if (run.measured != nullptr && run.measured->has_given() && run.measured->gpu() == run.cluster.gpu.id) {
    d.measured = run.measured.get();
  }
  return d;
}

bool gathers_parameters(const Run& run) {
  return run.parallelism.sharding == Sharding::zero3 || run.parallelism.sharding == Sharding::hsdp;
}

bool scatters_each_microbatch(const Run& run) {
  return run.parallelism.sharding == Sharding::zero2 && run.stack.zero2_reduces_every_micro_batch;
}

int shard_group(const Run& run) {
  const Parallelism& p = run.parallelism;
  const int all = p.dp * p.cp;
  const bool grouped = p.sharding == Sharding::hsdp && p.sharding_group > 0;
  return grouped ? std::min(all, p.sharding_group * p.cp) : all;
}

double reduced_gradient_bytes(const Run& run) {
  return run.features.has(Feature::fp32_gradients) ? 4.0 : run.stack.gradient_bytes;
}

Seconds pipeline_hop(const Run& run, const Communication& communication) {
  const Bytes hidden{2.0 * tokens(run) * run.model.hidden};
  const int tp = run.parallelism.tp;
  const Seconds send = communication.pipeline_send(hidden / tp);
  return run.parallelism.sequence_parallel || run.parallelism.pp == 1 ? send
                                                                      : send + communication.tensor_gather(hidden);
}

Seconds edge(const Run& run, const StepParts& parts) { return sends_block(run) ? Seconds{} : parts.hop; }

void cost_stages(const Run& run, const Parameters& parameters, StepParts& parts) {
  StageCosting costing(run, parameters, parts);
  costing.stages();
  costing.shards();
}

StepParts step_parts(const Run& run, const Parameters& parameters) {
  StageLayout layout = stage_layout(run.model, virtual_stages(run.parallelism));
  const RankParameters state = largest_rank(run, layout);
  StepParts parts{device_of(run, parameters),
                  Communication(run, parameters),
                  std::move(layout),
                  state,
                  run.microbatches(),
                  expert_imbalance(run.routing, parameters),
                  {},
                  {},
                  {},
                  {},
                  {},
                  pair_contention(run.stack, parameters)};
  parts.ends = end_times(run, parts.device);
  parts.hop = pipeline_hop(run, parts.communication);
  const LayerContext context{run, parts.device, parts.communication, parameters};
  parts.layers.reserve(run.model.kinds.size());
  for (const models::Layer& layer : run.model.kinds) {
    const bool moe = layer.mlp.kind == models::Mlp::Kind::moe;
    parts.layers.push_back(layer_cost(expand_layer(run, layer, parts.imbalance), moe, context));
  }
  cost_stages(run, parameters, parts);
  return parts;
}

PipelineInput pipeline_input(const Run& run, const StepParts& parts) {
  PipelineInput in;
  pipeline_input(run, parts, in);
  return in;
}

void pipeline_input(const Run& run, const StepParts& parts, PipelineInput& in) {
  in.schedule = run.parallelism.schedule;
  in.ranks = run.parallelism.pp;
  in.microbatches = parts.microbatches;
  in.hop = edge(run, parts);
  in.contention = parts.contention;
  in.pairs_alone = run.parallelism.pp == 1 && overlaps_exchange(run);
  in.stages.clear();
  for (const StageCost& s : parts.stages) in.stages.push_back(s.time);
}

}  // namespace sextant::sim
