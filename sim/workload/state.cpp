// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/state.hpp"

#include "models/counts.hpp"

namespace sextant::sim {

namespace {

RankParameters layer_share(const Run& run, const models::Layer& layer) {
  const models::LayerParameters p = models::parameters(run.model, layer);
  const Parallelism& par = run.parallelism;
  return {(p.attention + p.mlp) / par.tp + p.router + p.norms, p.experts / (static_cast<double>(par.ep) * par.etp)};
}

}  // namespace

RankParameters stage_parameters(const Run& run, const StageLayout& layout, int stage) {
  RankParameters sum;
  for (int k = 0; k < layout.kinds; ++k) {
    const int n = layout.count(stage, k);
    if (n == 0) continue;
    const RankParameters one = layer_share(run, run.model.kinds[static_cast<std::size_t>(k)]);
    sum.dense += n * one.dense;
    sum.experts += n * one.experts;
  }
  const double table = static_cast<double>(run.model.vocab) * run.model.hidden / run.parallelism.tp;
  const bool first = stage == 0;
  const bool last = stage == layout.virtual_stages - 1;
  if (first) sum.dense += table;
  // Tied tables are one tensor only where both ends sit on one rank.
  if (last && (!first || !run.model.tied_embeddings)) sum.dense += table;
  if (last && run.model.mtp_layers > 0) {
    const RankParameters one = layer_share(run, run.model.layer(run.model.layers() - 1));
    const double projection = 2.0 * run.model.hidden * run.model.hidden / run.parallelism.tp;
    sum.dense += run.model.mtp_layers * (one.dense + projection);
    sum.experts += run.model.mtp_layers * one.experts;
  }
  return sum;
}

RankParameters largest_rank(const Run& run, const StageLayout& layout) {
  const int pp = run.parallelism.pp;
  std::vector<RankParameters> ranks(static_cast<std::size_t>(pp));
  for (int s = 0; s < layout.virtual_stages; ++s) {
    const RankParameters share = stage_parameters(run, layout, s);
    RankParameters& rank = ranks[static_cast<std::size_t>(rank_of(s, run.parallelism))];
    rank.dense += share.dense;
    rank.experts += share.experts;
    // DualPipe runs the pipeline in both directions: a rank holds its mirror's stage too.
    if (run.parallelism.schedule == Schedule::dualpipe) {
      RankParameters& mirror = ranks[static_cast<std::size_t>(pp - 1 - s)];
      mirror.dense += share.dense;
      mirror.experts += share.experts;
    }
  }
  RankParameters largest;
  for (const RankParameters& r : ranks) {
    if (r.total() > largest.total()) largest = r;
  }
  return largest;
}

}  // namespace sextant::sim
