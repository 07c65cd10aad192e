// SPDX-License-Identifier: Apache-2.0
#include "sim/step/stage_terms.hpp"

namespace sextant::sim {

StagePasses stage_passes(const Run& run, const StepParts& parts, int virtual_stage) {
  StagePasses out;
  const auto add = [&](std::size_t kind, double count) {
    const LayerCost& layer = parts.layers[kind];
    out.forward.add(layer.forward, count);
    out.backward.add(layer.backward, count);
  };
  for (int k = 0; k < parts.layout.kinds; ++k) add(static_cast<std::size_t>(k), parts.layout.count(virtual_stage, k));
  const bool last = virtual_stage == parts.layout.virtual_stages - 1;
  if (last && run.model.mtp_layers > 0) add(run.model.mtp_kind_or_last(), run.model.mtp_layers);
  const Terms& all = parts.stages[static_cast<std::size_t>(virtual_stage)].terms;
  for (const TermInfo& info : term_table()) {
    const Seconds beside = all[info.term] - out.forward[info.term] - out.backward[info.term];
    const double share = forward_share_beside_layers(info.term);
    out.forward[info.term] += beside * share;
    out.backward[info.term] += beside * (1.0 - share);
  }
  return out;
}

}  // namespace sextant::sim
