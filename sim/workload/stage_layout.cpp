// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/stage_layout.hpp"

#include <algorithm>

namespace sextant::sim {

namespace {

/// Whether layers divide once the ends count as layers. `at_end`: what the last stage holds besides layers: the head
/// and each MTP module.
bool units_divide(int layers, int stages, int at_end) {
  const int units = layers + 1 + at_end;
  return stages > 2 && units % stages == 0 && units / stages >= at_end;
}

std::vector<int> shares(int layers, int stages, int at_end) {
  std::vector<int> out(static_cast<std::size_t>(stages), layers / stages);
  if (layers % stages == 0) return out;
  const int units = layers + 1 + at_end;
  if (units_divide(layers, stages, at_end)) {
    std::fill(out.begin(), out.end(), units / stages);
    --out.front();
    out.back() -= at_end;
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
  for (const int n : shares(model.layers(), stages, 1 + model.mtp_layers))
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
    case Schedule::zb_h1:
    case Schedule::dualpipe: break;
  }
  return p.pp * p.vp;
}

bool stages_are_even(const models::ModelSpec& model, int stages) {
  return model.layers() % stages == 0 || units_divide(model.layers(), stages, 1 + model.mtp_layers);
}

int rank_of(int virtual_stage, const Parallelism& p) {
  switch (p.schedule) {
    case Schedule::zbv:
    case Schedule::dualpipe_v: return virtual_stage < p.pp ? virtual_stage : 2 * p.pp - 1 - virtual_stage;
    case Schedule::gpipe:
    case Schedule::one_f_one_b:
    case Schedule::interleaved:
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
    case Schedule::zb_h1: break;
  }
  return chunk * p.pp + rank;
}

}  // namespace sextant::sim
