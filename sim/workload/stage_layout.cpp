// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/stage_layout.hpp"

#include <algorithm>
#include <optional>

namespace sextant::sim {

namespace {

/// What the ends of a pipeline hold beside layers, in layers' worth.
struct Ends {
  int first = 0;
  int last = 0;
};

/// Megatron-Core's "account for embedding and loss": embedding, head and each MTP module are a layer.
Ends as_layers(int mtp_layers) { return {1, 1 + mtp_layers}; }

/// By cost: looking tokens up is free, an MTP module is a layer and a head (Megatron-Bridge's layouts of DeepSeek-V3:
/// 61 layers on 16 stages are 15 x 4 + 1, on 8 stages 7 x 8 + 5, on 4 stages 3 x 16 + 13).
Ends as_costs(int mtp_layers) { return {0, 1 + 2 * mtp_layers}; }

bool divides(int layers, int stages, Ends ends) {
  const int units = layers + ends.first + ends.last;
  return stages > 2 && units % stages == 0 && units / stages >= ends.last;
}

/// The ends by which `layers` divide over `stages`; models without MTP modules are split as Megatron-Core does.
std::optional<Ends> dividing_ends(int layers, int stages, int mtp_layers) {
  if (mtp_layers > 0 && divides(layers, stages, as_costs(mtp_layers))) return as_costs(mtp_layers);
  if (divides(layers, stages, as_layers(mtp_layers))) return as_layers(mtp_layers);
  return std::nullopt;
}

std::vector<int> shares(int layers, int stages, int mtp_layers) {
  std::vector<int> out(static_cast<std::size_t>(stages), layers / stages);
  if (layers % stages == 0) return out;
  if (const auto ends = dividing_ends(layers, stages, mtp_layers)) {
    std::fill(out.begin(), out.end(), (layers + ends->first + ends->last) / stages);
    out.front() -= ends->first;
    out.back() -= ends->last;
    return out;
  }
  const int full = (layers + stages - 1) / stages;
  const int last = layers - full * (stages - 1);
  if (last >= 1) {
    std::fill(out.begin(), out.end(), full);
    out.back() = last;
    return out;
  }
  // Too few layers to fill the stages: spread the remainder from the second stage on, away from embedding and head.
  int rest = layers % stages;
  for (std::size_t i = 1; i < out.size() && rest > 0; ++i, --rest) ++out[i];
  if (rest > 0) ++out.front();
  return out;
}

}  // namespace

StageLayout stage_layout(const models::ModelSpec& model, int stages) {
  StageLayout layout;
  layout.virtual_stages = stages;
  layout.kinds = static_cast<int>(model.kinds.size());
  layout.first_layer.push_back(0);
  for (const int n : shares(model.layers(), stages, model.mtp_layers))
    layout.first_layer.push_back(layout.first_layer.back() + n);
  layout.counts.assign(static_cast<std::size_t>(stages) * model.kinds.size(), 0);
  for (int s = 0; s < stages; ++s) {
    for (int l = layout.first_layer[static_cast<std::size_t>(s)];
         l < layout.first_layer[static_cast<std::size_t>(s) + 1]; ++l) {
      ++layout.counts[static_cast<std::size_t>(s) * model.kinds.size() + model.layer_kind[static_cast<std::size_t>(l)]];
    }
  }
  return layout;
}

int virtual_stages(const Parallelism& p) {
  switch (p.schedule) {
    case Schedule::zbv:
    case Schedule::dualpipe_v: return 2 * p.pp;
    case Schedule::gpipe:
    case Schedule::one_f_one_b:
    case Schedule::interleaved:
    case Schedule::interleaved_overlap:
    case Schedule::zb_h1:
    case Schedule::dualpipe: break;
  }
  return p.pp * p.vp;
}

bool stages_are_even(const models::ModelSpec& model, int stages) {
  return model.layers() % stages == 0 || dividing_ends(model.layers(), stages, model.mtp_layers);
}

int rank_of(int virtual_stage, const Parallelism& p) {
  switch (p.schedule) {
    case Schedule::zbv:
    case Schedule::dualpipe_v: return virtual_stage < p.pp ? virtual_stage : 2 * p.pp - 1 - virtual_stage;
    case Schedule::gpipe:
    case Schedule::one_f_one_b:
    case Schedule::interleaved:
    case Schedule::interleaved_overlap:
    case Schedule::zb_h1:
    case Schedule::dualpipe: break;
  }
  return virtual_stage % p.pp;
}

int chunks_per_rank(const Parallelism& p) { return p.schedule == Schedule::dualpipe ? 2 : virtual_stages(p) / p.pp; }

int virtual_stage_of(int rank, int chunk, const Parallelism& p) {
  switch (p.schedule) {
    case Schedule::zbv:
    case Schedule::dualpipe_v: return chunk == 0 ? rank : 2 * p.pp - 1 - rank;
    case Schedule::dualpipe: return chunk == 0 ? rank : p.pp - 1 - rank;
    case Schedule::gpipe:
    case Schedule::one_f_one_b:
    case Schedule::interleaved:
    case Schedule::interleaved_overlap:
    case Schedule::zb_h1: break;
  }
  return chunk * p.pp + rank;
}

}  // namespace sextant::sim
