// SPDX-License-Identifier: Apache-2.0
#include "sim/search/layer_costs.hpp"

#include <cstdint>

#include "sim/workload/expand.hpp"

namespace sextant::sim::search {

LayerKey layer_key(const Run& run) {
  const Parallelism& p = run.parallelism;
  return {{static_cast<int>(run.precision), p.tp, p.cp, p.ep, p.etp, run.batch.micro_sequences}};
}

std::size_t LayerCosts::Hash::operator()(const LayerKey& key) const {
  std::uint64_t bits = 0;
  for (const int value : key.values) {
    bits = (bits ^ static_cast<std::uint64_t>(value)) * 0x9e3779b97f4a7c15ULL;
    bits ^= bits >> 32;
  }
  return bits;
}

namespace {

void add_layer(LayerFamily& family, const LayerCost& cost, const RankParameters& parameters, double count) {
  family.work += (cost.forward_time() + cost.backward_time()) * count;
  family.work_overlapped += (cost.forward_compute + cost.backward_compute) * count;
  family.parameters.dense += parameters.dense * count;
  family.parameters.experts += parameters.experts * count;
}

void add_ends(LayerFamily& family, double mtp) {
  const EndTimes& e = family.ends;
  const Seconds ends = e.embedding + e.head * (1.0 + mtp) + e.mtp_projection * mtp;
  family.work += ends;
  family.work_overlapped += ends;
}

}  // namespace

LayerFamily layer_family(const Run& run, const Device& device, const Communication& communication,
                         const Parameters& parameters) {
  const LayerContext context{run, device, communication, parameters};
  const double imbalance = expert_imbalance(run.routing, parameters);
  LayerFamily family;
  family.layers.reserve(run.model.kinds.size());
  std::vector<double> count(run.model.kinds.size());
  for (const std::uint16_t kind : run.model.layer_kind) count[kind] += 1.0;
  if (run.model.mtp_layers > 0) count[run.model.mtp_kind_or_last()] += run.model.mtp_layers;
  for (std::size_t k = 0; k < run.model.kinds.size(); ++k) {
    const models::Layer& layer = run.model.kinds[k];
    const bool moe = layer.mlp.kind == models::Mlp::Kind::moe;
    family.layers.push_back(layer_base(expand_layer(run, layer, imbalance), moe, context));
    add_layer(family, family.layers.back().cost, layer_parameters(run, layer), count[k]);
  }
  family.ends = end_times(run, device);
  add_ends(family, run.model.mtp_layers);
  return family;
}

}  // namespace sextant::sim::search
