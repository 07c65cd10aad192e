// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/state.hpp"

#include <algorithm>

#include "models/counts.hpp"

namespace sextant::sim {

namespace {

double vocabulary_table(const Run& run) {
  return static_cast<double>(run.model.vocab) * run.model.hidden / run.parallelism.tp;
}

RankParameters first_stage(const Run& run) {
  const models::ModelSpec& m = run.model;
  RankParameters p;
  // Position and token-type tables are not split over tp.
  p.tables = vocabulary_table(run) + static_cast<double>(m.learned_positions + m.token_types) * m.hidden;
  p.dense = p.tables + (m.embedding_norm ? static_cast<double>(m.norm_vectors) * m.hidden : 0.0);
  return p;
}

/// Tables that the last stage needs a copy of where it does not share a rank with the first: the tied head, and the
/// embedding that MTP modules look their tokens up in.
double repeated_tables(const Run& run) {
  return vocabulary_table(run) * ((run.model.tied_embeddings ? 1.0 : 0.0) + (run.model.mtp_layers > 0 ? 1.0 : 0.0));
}

RankParameters last_stage(const Run& run) {
  const models::ModelSpec& m = run.model;
  RankParameters p;
  p.tables = repeated_tables(run) + (m.tied_embeddings ? 0.0 : vocabulary_table(run));
  p.dense = p.tables + static_cast<double>(m.norm_vectors) * m.hidden;
  if (m.mtp_layers == 0) return p;
  const RankParameters layer = layer_parameters(run, m.mtp_layer());
  const double projection = 2.0 * m.hidden * m.hidden / run.parallelism.tp;
  p.dense += m.mtp_layers * (layer.dense + projection);
  p.experts += m.mtp_layers * layer.experts;
  return p;
}

/// Both ends of the model on one rank.
void share_tables(const Run& run, RankParameters& rank) {
  rank.dense -= repeated_tables(run);
  rank.tables -= repeated_tables(run);
}

/// One layer of each kind.
std::vector<RankParameters> kind_parameters(const Run& run) {
  std::vector<RankParameters> kinds;
  kinds.reserve(run.model.kinds.size());
  for (const models::Layer& layer : run.model.kinds) kinds.push_back(layer_parameters(run, layer));
  return kinds;
}

RankParameters sum_of_stage(const Run& run, const StageLayout& layout, const std::vector<RankParameters>& kinds,
                            int stage) {
  RankParameters sum;
  for (int k = 0; k < layout.kinds; ++k) {
    const int n = layout.count(stage, k);
    sum.dense += n * kinds[static_cast<std::size_t>(k)].dense;
    sum.experts += n * kinds[static_cast<std::size_t>(k)].experts;
  }
  if (stage == 0) sum += first_stage(run);
  if (stage == layout.virtual_stages - 1) {
    sum += last_stage(run);
    if (stage == 0) share_tables(run, sum);
  }
  return sum;
}

}  // namespace

RankParameters layer_parameters(const Run& run, const models::Layer& layer) {
  const models::LayerParameters p = models::parameters(run.model, layer);
  const Parallelism& par = run.parallelism;
  RankParameters r;
  r.dense = (p.attention + p.mlp) / par.tp + p.router + p.norms;
  r.experts = p.experts / (static_cast<double>(par.ep) * par.etp);
  return r;
}

RankParameters stage_parameters(const Run& run, const StageLayout& layout, int stage) {
  return sum_of_stage(run, layout, kind_parameters(run), stage);
}

std::vector<RankParameters> rank_parameters(const Run& run, const StageLayout& layout) {
  const Parallelism& par = run.parallelism;
  const std::vector<RankParameters> kinds = kind_parameters(run);
  std::vector<RankParameters> ranks(static_cast<std::size_t>(par.pp));
  for (int s = 0; s < layout.virtual_stages; ++s) {
    const RankParameters share = sum_of_stage(run, layout, kinds, s);
    ranks[static_cast<std::size_t>(rank_of(s, par))] += share;
    if (par.schedule == Schedule::dualpipe) ranks[static_cast<std::size_t>(par.pp - 1 - s)] += share;
  }
  const int last = layout.virtual_stages - 1;
  if (last == 0) return ranks;
  if (par.schedule == Schedule::dualpipe) {
    share_tables(run, ranks.front());
    share_tables(run, ranks.back());
  } else if (rank_of(0, par) == rank_of(last, par)) {
    share_tables(run, ranks[static_cast<std::size_t>(rank_of(0, par))]);
  }
  return ranks;
}

const RankParameters& largest(const std::vector<RankParameters>& ranks) {
  return *std::max_element(ranks.begin(), ranks.end(),
                           [](const RankParameters& a, const RankParameters& b) { return a.total() < b.total(); });
}

RankParameters largest_rank(const Run& run, const StageLayout& layout) { return largest(rank_parameters(run, layout)); }

}  // namespace sextant::sim
