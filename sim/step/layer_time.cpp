// SPDX-License-Identifier: Apache-2.0
#include "sim/step/layer_time.hpp"

#include "sim/step/step_parts.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim {

namespace {

Term term_of(OpKind kind) {
  switch (kind) {
    case OpKind::linear: return Term::gemm;
    case OpKind::grouped_linear: return Term::grouped_gemm;
    case OpKind::core_attention: return Term::attention;
    case OpKind::elementwise: return Term::elementwise;
    case OpKind::cast: return Term::cast;
    case OpKind::tensor_collective: return Term::tensor_comm;
    case OpKind::context_exchange: return Term::context_comm;
    case OpKind::expert_tensor_collective:
    case OpKind::dispatch:
    case OpKind::combine: return Term::expert_comm;
  }
  return Term::gemm;
}

OperatorTime operator_time(const Op& op, bool is_moe, const LayerContext& context) {
  LayerWork alone;
  alone.add(op);
  const LayerCost cost = layer_cost(alone, is_moe, context);
  const Term term = term_of(op.kind);
  return {op, term, cost.forward[term], cost.backward[term] - cost.weight_gradient, cost.weight_gradient};
}

LayerTime layer_time(std::size_t kind, const LayerContext& context) {
  const models::Layer& layer = context.run.model.kinds[kind];
  const bool is_moe = layer.mlp.kind == models::Mlp::Kind::moe;
  const LayerWork work = expand_layer(context.run, layer, expert_imbalance(context.run.routing, context.parameters));
  const LayerCost cost = layer_cost(work, is_moe, context);
  LayerTime t{kind, layer_parameters(context.run, layer), cost.forward, cost.backward, {}, {}};
  for (const Op& op : work) {
    const OperatorTime& o = t.operators.emplace_back(operator_time(op, is_moe, context));
    t.weight_gradient[o.term] += o.weight_gradient;
    t.input_gradient[o.term] -= o.weight_gradient;
  }
  return t;
}

}  // namespace

std::vector<LayerTime> layer_times(const Run& run, const Parameters& parameters, bool accumulates) {
  const Device device = device_of(run, parameters);
  const Communication communication(run, parameters);
  const LayerContext context{run, device, communication, parameters};
  std::vector<LayerTime> out;
  for (std::size_t kind = 0; kind < run.model.kinds.size(); ++kind) {
    LayerTime& t = out.emplace_back(layer_time(kind, context));
    if (accumulates) {
      t.weight_gradient[Term::accumulation] = accumulation_time(run, device, parameters, t.parameters.total());
    }
  }
  return out;
}

}  // namespace sextant::sim
