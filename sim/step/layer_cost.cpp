// SPDX-License-Identifier: Apache-2.0
#include "sim/step/layer_cost.hpp"

#include <cmath>

#include "sim/kernel/attention.hpp"
#include "sim/kernel/gemm.hpp"
#include "sim/step/overlap.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim {

namespace {

constexpr double cast_hbm_share = 0.7;
constexpr double backward_launch_factor = 1.1;  // autograd launches a few kernels more than the forward
constexpr double tensor_launch_factor = 1.08;   // collectives are launched too
constexpr double eager_softmax_launches =
    8.0 / 32;                                // casts, causal mask, fill, softmax: of a layer's forward operators
constexpr double graph_launch_factor = 0.4;  // partial CUDA graphs keep a share of the launches
constexpr double gradients_an_expert_product = 2.0;  // gradients of inputs and of weights
constexpr Seconds cublas_call{6e-6};                 // from a loop in C++, heuristics' look-up included; assumed
constexpr Seconds eager_operator{12e-6};             // 11-18 us an eager PyTorch operator
constexpr double backward_sync_share = 0.5;          // token counts are known by then

/// Seconds of one pass over the operators, by what they are.
struct PassTimes {
  Terms forward;
  Terms backward;
  Seconds weight_gradient;
  Seconds dense_weight_gradient;
  Seconds forward_exchange;
  Seconds backward_exchange;
  Seconds tensor;
  Seconds expert_tensor;
  Seconds context;
};

class Evaluation {
 public:
  Evaluation(const LayerContext& context, bool is_moe) : c_(context), is_moe_(is_moe) {}

  void visit(const Op& op) {
    switch (op.kind) {
      case OpKind::linear: linear(op, Term::gemm, 1.0); break;
      case OpKind::grouped_linear: linear(op, Term::grouped_gemm, family(op).grouped); break;
      case OpKind::core_attention: attention(op); break;
      case OpKind::elementwise: traffic(op, Term::elementwise, c_.device.memory_bound, 1.0); break;
      case OpKind::cast: traffic(op, Term::cast, cast_hbm_share, c_.parameters[Parameter::fp8_cast_traffic]); break;
      case OpKind::tensor_collective: t_.tensor += c_.communication.tensor_reduce(op.payload); break;
      case OpKind::expert_tensor_collective:
        t_.expert_tensor += c_.communication.expert_tensor_reduce(op.payload);
        break;
      case OpKind::context_exchange: t_.context += c_.communication.context_exchange(op.payload); break;
      case OpKind::dispatch:
      case OpKind::combine: exchange(op); break;
    }
  }

  LayerBase finish() {
    LayerCost& cost = base_.cost;
    cost.forward = t_.forward;
    cost.backward = t_.backward;
    add_communication(cost);
    const Passes gpu{t_.forward.sum() + unhidden(cost.forward), t_.backward.sum() + unhidden(cost.backward)};
    const Passes host = launches();
    const Passes beside = host_wait(gpu, host);
    cost.forward_compute = gpu.forward + beside.forward;
    cost.backward_compute = gpu.backward + beside.backward;
    const Passes alone = host_wait({cost.forward.sum(), cost.backward.sum()}, host);
    cost.forward[Term::host] = alone.forward;
    cost.backward[Term::host] = alone.backward;
    cost.weight_gradient = t_.weight_gradient;
    cost.forward_exchange = t_.forward_exchange;
    cost.backward_exchange = t_.backward_exchange;
    base_.whole = cost.forward.sum();
    if (is_moe_) note_redoable(Module::moe, sync());
    return base_;
  }

 private:
  [[nodiscard]] const GemmClass& family(const Op& op) const {
    return op.low_precision ? c_.device.gemm_low : c_.device.gemm16;
  }

  void linear(const Op& op, Term term, double rate_factor) {
    const double groups = op.kind == OpKind::grouped_linear ? op.count : 0.0;
    if (groups > 0) experts_ = groups;
    expert_gemm_launches_ += groups * c_.run.stack.host_expert_gemms;
    LinearTime time = linear_time(c_.device, family(op), op.gemm, rate_factor, groups);
    if (op.tensor_parallel && overlaps_tensor(c_.run)) split(op, time);
    const Seconds forward = time.forward * op.count;
    t_.forward[term] += forward;
    t_.backward[term] += (time.input_gradient + time.weight_gradient) * op.count;
    t_.weight_gradient += time.weight_gradient * op.count;
    if (term == Term::gemm) t_.dense_weight_gradient += time.weight_gradient * op.count;
    note_redoable(op, forward);
  }

  /// A GEMM beside a gather or scatter runs in as many pieces as there are ranks; of the backward's half do.
  void split(const Op& op, LinearTime& time) const {
    const double pieces = c_.run.parallelism.tp;
    const LinearTime piece = linear_time(c_.device, family(op), {op.gemm.m / pieces, op.gemm.n, op.gemm.k});
    time.forward = piece.forward * pieces;
    time.input_gradient += (piece.input_gradient * pieces - time.input_gradient) * 0.5;
  }

  void attention(const Op& op) {
    eager_softmax_ = c_.run.attention == AttentionKernel::unfused && !softmax_fuses(op.attention);
    const AttentionTime time =
        c_.run.attention == AttentionKernel::unfused
            ? unfused_attention_time(c_.device, op.attention, c_.parameters[Parameter::unfused_attention_bytes],
                                     c_.parameters[Parameter::misaligned_head_rate])
            : fused_attention_time(c_.device, op.attention);
    t_.forward[Term::attention] += time.forward;
    t_.backward[Term::attention] += time.backward;
    note_redoable(op, time.forward);
  }

  void traffic(const Op& op, Term term, double share, double factor) {
    const ByteRate rate = c_.device.hbm * share;
    t_.forward[term] += op.forward_traffic * factor / rate;
    t_.backward[term] += op.backward_traffic * factor / rate;
    // Hand-fused kernels redo norms and activations where they need them: their traffic is the same either way. What
    // stands between latents and attention is rotated and joined again with them (Megatron-Core, --recompute-modules).
    const bool fused = c_.run.stack.memory_bound == Parameter::memory_bound_tuned;
    if (!fused || op.module == Module::mla_up_proj) note_redoable(op, op.redone_traffic * factor / rate);
    if (op.name == OpName::expert_bias) expert_bias_launches_ = experts_ * c_.run.stack.host_expert_biases;
  }

  void exchange(const Op& op) {
    const Seconds one = c_.communication.expert_exchange(op.tokens, op.token_bytes);
    t_.forward_exchange += one;
    t_.backward_exchange += one;
    note_redoable(Module::moe, one);  // a recomputed MoE layer sends its tokens again
  }

  void note_redoable(const Op& op, Seconds forward) {
    if (op.has_module) note_redoable(op.module, forward);
  }
  void note_redoable(Module module, Seconds forward) {
    if (base_.redoables < base_.redoable.size()) base_.redoable[base_.redoables++] = {module, forward};
  }

  void add_communication(LayerCost& cost) const {
    const Contention c = contention_of(c_.parameters);
    const Passes gemms{t_.forward[Term::gemm], t_.backward[Term::gemm]};
    const Passes tensor = exposed_tensor(c_.run, t_.tensor, gemms, t_.dense_weight_gradient, c);
    const Passes attention{t_.forward[Term::attention], t_.backward[Term::attention]};
    const Passes context = exposed_context(c_.run, t_.context, attention, c);
    cost.forward[Term::tensor_comm] += tensor.forward;
    cost.backward[Term::tensor_comm] += tensor.backward;
    cost.forward[Term::context_comm] += context.forward;
    cost.backward[Term::context_comm] += context.backward;
    cost.forward[Term::expert_comm] += t_.expert_tensor + t_.forward_exchange;
    cost.backward[Term::expert_comm] += t_.expert_tensor + t_.backward_exchange;
  }

  /// Communication within a layer that another micro-batch's compute does not hide: pairs overlap dispatch and combine
  /// only (arXiv:2412.19437 section 3.2.1).
  [[nodiscard]] Seconds unhidden(const Terms& pass) const {
    return pass[Term::tensor_comm] + pass[Term::context_comm] + t_.expert_tensor;
  }

  /// Host time to launch the forward, and the backward.
  [[nodiscard]] Passes launches() const {
    const Parameters& p = c_.parameters;
    const Stack& stack = c_.run.stack;
    double layer = p[stack.host_layer];
    if (c_.run.parallelism.tp > 1) layer *= tensor_launch_factor;
    if (eager_softmax_) layer *= 1.0 + eager_softmax_launches;
    if (is_compiled(c_.run)) layer *= stack.host_compiled_factor;
    if (is_eight_bit_or_less(c_.run.precision)) layer *= stack.host_fp8_factor;
    if (is_moe_) layer += p[Parameter::host_moe_layer] * graphed() * stack.host_moe_factor;
    // Some come once an expert of the rank.
    const Seconds experts = cublas_call * expert_gemm_launches_ + eager_operator * expert_bias_launches_;
    return {Seconds{layer} + experts, Seconds{layer} * backward_launch_factor + experts * gradients_an_expert_product};
  }

  [[nodiscard]] double graphed() const { return c_.run.features.has(Feature::cuda_graph) ? graph_launch_factor : 1.0; }

  /// The wait for token counts; a recomputed layer waits again. Experts whose rows are filled up to a capacity have
  /// counts that the host knows (Megatron-Core, moe/token_dispatcher.py: drop_and_pad).
  [[nodiscard]] Seconds sync() const {
    const bool reads_back = c_.run.stack.host_sync_in_moe && !c_.run.features.has(Feature::device_dispatch) &&
                            c_.run.routing != Routing::dropped;
    if (!is_moe_ || !reads_back) return Seconds{};
    return Seconds{c_.parameters[Parameter::host_moe_sync] * graphed()};
  }

  /// What launches that take the host this long, and waits for it, add to passes of the GPU.
  [[nodiscard]] Passes host_wait(Passes gpu, Passes host) const {
    const double sharpness = c_.parameters[Parameter::launch_sharpness];
    return {soft_max(gpu.forward, host.forward, sharpness) - gpu.forward + sync(),
            soft_max(gpu.backward, host.backward, sharpness) - gpu.backward + sync() * backward_sync_share};
  }

  const LayerContext& c_;
  bool is_moe_;
  bool eager_softmax_ = false;
  double experts_ = 0;  ///< of the rank
  double expert_gemm_launches_ = 0;
  double expert_bias_launches_ = 0;
  PassTimes t_;
  LayerBase base_;
};

/// Whether recompute of these modules redoes the part: an activation is part of its MLP.
bool redoes(const Modules& modules, Module part) {
  if (part == Module::moe_act && modules.has(Module::moe)) return true;
  if (part == Module::activation && modules.has(Module::mlp)) return true;
  return modules.has(part);
}

/// Share of a stage's layers that block recompute redoes.
double block_share(const Run& run) {
  const double stage_layers = static_cast<double>(run.model.layers()) / run.parallelism.pp;
  return std::min(1.0, run.recompute.layers / stage_layers);
}

}  // namespace

Seconds soft_max(Seconds a, Seconds b, double p) {
  const Seconds larger = max(a, b);
  if (!(larger.value() > 0)) return Seconds{};
  const double ratio = min(a, b) / larger;
  return larger * std::pow(1.0 + std::pow(ratio, p), 1.0 / p);
}

LayerBase layer_base(const LayerWork& work, bool is_moe, const LayerContext& context) {
  Evaluation evaluation(context, is_moe);
  for (const Op& op : work) evaluation.visit(op);
  return evaluation.finish();
}

Seconds recompute_time(const LayerBase& base, const Run& run) {
  const Recompute& r = run.recompute;
  switch (r.mode) {
    case RecomputeMode::none: return Seconds{};
    case RecomputeMode::full: return base.whole;
    case RecomputeMode::block: return base.whole * block_share(run);
    case RecomputeMode::selective: break;
  }
  Seconds sum;
  for (std::size_t i = 0; i < base.redoables; ++i) {
    if (redoes(r.modules, base.redoable[i].module)) sum += base.redoable[i].forward;
  }
  return sum;
}

LayerCost with_recompute(const LayerBase& base, Seconds recompute) {
  LayerCost cost = base.cost;
  cost.backward[Term::recompute] += recompute;
  cost.backward_compute += cost.backward[Term::recompute];
  return cost;
}

LayerCost layer_cost(const LayerWork& work, bool is_moe, const LayerContext& context) {
  const LayerBase base = layer_base(work, is_moe, context);
  return with_recompute(base, recompute_time(base, context.run));
}

}  // namespace sextant::sim
