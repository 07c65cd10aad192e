// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/memory.hpp"

#include <algorithm>

#include "sim/memory/activations.hpp"
#include "sim/memory/in_flight.hpp"
#include "sim/memory/states.hpp"
#include "sim/workload/expand.hpp"

namespace sextant::sim {

namespace {

constexpr double half = 2.0;
constexpr double stubborn_slack = 0.25;   // share of fragmentation that stays when the allocator gives blocks back
constexpr double pipeline_buffers = 4.0;  // one to send and one to receive, forward and backward

class MemoryModel {
 public:
  MemoryModel(const Run& run, const StageLayout& layout, const std::vector<KindMemory>& kinds)
      : run_(run),
        par_(run.parallelism),
        model_(run.model),
        memory_(run.stack.memory),
        layout_(layout),
        tokens_(static_cast<double>(run.batch.micro_sequences) * run.batch.seq_len / par_.cp),
        sequence_tokens_(par_.sequence_parallel ? tokens_ / par_.tp : tokens_),
        chunks_(chunks_per_rank(par_)),
        kinds_(kinds) {}

  /// Of one micro-batch on one virtual stage, its share of embedding and head left out.
  [[nodiscard]] Bytes stage_layers(int stage) const {
    double full = layers_in_full(stage);
    Bytes sum;
    // Block recompute takes the first layers of a chunk; kinds stand in the model's order of first appearance.
    for (int k = 0; k < layout_.kinds; ++k) {
      const double n = layout_.count(stage, k);
      const double recomputed = std::min(n, full);
      full -= recomputed;
      const LayerActivations& a = kinds_[static_cast<std::size_t>(k)].activations;
      sum += a.boundary * recomputed + a.kept * (n - recomputed);
    }
    if (stage == layout_.virtual_stages - 1) sum += mtp_layers();
    return sum;
  }

  [[nodiscard]] MemoryTerms rank(int rank, const RankParameters& parameters, std::span<const double> in_flight) const {
    MemoryTerms terms;
    Bytes recomputed;
    Bytes working;
    double largest_layer = 0;
    for (int c = 0; c < chunks_; ++c) {
      const int stage = virtual_stage_of(rank, c, par_);
      const double held = in_flight[static_cast<std::size_t>(rank * chunks_ + c)];
      add_chunk(terms, stage, held);
      for (int k = 0; k < layout_.kinds; ++k) {
        if (layout_.count(stage, k) == 0) continue;
        const KindMemory& kind = kinds_[static_cast<std::size_t>(k)];
        largest_layer = std::max(largest_layer, kind.parameters);
        recomputed = max(recomputed, layers_in_full(stage) > 0 ? kind.activations.inside() : kind.activations.dropped);
        working = max(working, kind.activations.working);
      }
    }
    terms[MemoryTerm::recomputed] = recomputed;
    terms[MemoryTerm::working] = working;
    settle_peak(terms, rank);
    add_states(run_, parameters, largest_layer, terms);
    terms[MemoryTerm::optimizer] += step_copies(parameters, terms.of(MemoryClass::activations));
    add_buffers(terms, parameters);
    return terms;
  }

 private:
  /// The fp32 copy of 16-bit gradients that the step makes. It comes when the activations are gone and reuses their
  /// memory, unless it is one flat piece.
  [[nodiscard]] Bytes step_copies(const RankParameters& parameters, Bytes activations) const {
    const Bytes copies = gradient_copies(run_, parameters);
    return memory_.flattens_step_gradients ? copies : max(Bytes{}, copies - activations);
  }

  void add_chunk(MemoryTerms& terms, int stage, double held) const {
    terms[MemoryTerm::layers] += stage_layers(stage) * held;
    const Bytes hidden{half * sequence_tokens_ * model_.hidden};
    if (memory_.keeps_stage_outputs && par_.pp > 1) terms[MemoryTerm::stage_outputs] += hidden * held;
    if (stage == 0) terms[MemoryTerm::embedding] += embedding() * held;
    if (stage == layout_.virtual_stages - 1) terms[MemoryTerm::head] += head(held);
  }

  /// Layers of a virtual stage that are recomputed in full.
  [[nodiscard]] double layers_in_full(int stage) const {
    switch (run_.recompute.mode) {
      case RecomputeMode::none:
      case RecomputeMode::selective: return 0;
      case RecomputeMode::full: return layout_.layers(stage);
      case RecomputeMode::block: return std::min(layout_.layers(stage), run_.recompute.layers);
    }
    return 0;
  }

  [[nodiscard]] Bytes embedding() const {
    return Bytes{trains_with_dropout(run_) ? sequence_tokens_ * model_.hidden : 0.0};
  }

  /// Inputs of final norm and head, and the logits of micro-batches that wait for the last forward (GPipe).
  [[nodiscard]] Bytes head(double held) const {
    const double inputs = 2.0 * half * sequence_tokens_ * model_.hidden;
    const double waiting = par_.schedule == Schedule::gpipe ? held - 1.0 : 0.0;
    return Bytes{(1.0 + model_.mtp_layers) * (inputs * held + logits() * memory_.logit_bytes * waiting)};
  }

  /// Logits of one vocabulary's head on this rank, one micro-batch.
  [[nodiscard]] double logits() const { return tokens_ * model_.vocab / par_.tp; }

  /// The loss and the layers' backward passes take turns: what is smaller is not there when the other peaks. The heads
  /// of MTP modules wait with their logits for the main loss.
  void settle_peak(MemoryTerms& terms, int rank) const {
    if (rank != rank_of(layout_.virtual_stages - 1, par_) && !(par_.schedule == Schedule::dualpipe && rank == 0))
      return;
    const Bytes loss{logits() * (memory_.logit_peak_bytes + model_.mtp_layers * memory_.logit_bytes)};
    if (loss > terms[MemoryTerm::recomputed] + terms[MemoryTerm::working]) {
      terms[MemoryTerm::head] += loss;
      terms[MemoryTerm::recomputed] = terms[MemoryTerm::working] = Bytes{};
    }
  }

  /// MTP modules: norms of hidden state and embedding, both joined as the projection's input, and a layer.
  [[nodiscard]] Bytes mtp_layers() const {
    if (model_.mtp_layers == 0) return Bytes{};
    const LayerActivations& a = kinds_[model_.mtp_kind_or_last()].activations;
    const double elements = 2.0 * sequence_tokens_ * model_.hidden;
    const bool full = run_.recompute.mode == RecomputeMode::full;
    return ((full ? a.boundary : a.kept) + Bytes{(half + linear_input_bytes(run_)) * elements}) * model_.mtp_layers;
  }

  void add_buffers(MemoryTerms& terms, const RankParameters& parameters) const {
    Bytes buffers;
    if (par_.pp > 1) buffers += Bytes{pipeline_buffers * half * sequence_tokens_ * model_.hidden};
    if (par_.dp * par_.cp > 1 && memory_.reduce_bucket_elements > 0) {
      buffers += Bytes{std::min(memory_.reduce_bucket_elements, parameters.total()) *
                       (run_.features.has(Feature::fp32_gradients) ? 2.0 * half : half)};
    }
    const bool dispatch = deduplicates_dispatch(run_);
    if (par_.ep > 1 && dispatch && model_.has_experts()) buffers += memory_.dispatch_buffers;
    terms[MemoryTerm::communication] = buffers;
    terms[MemoryTerm::slack] = slack(terms.sum());
    terms[MemoryTerm::workspace] = memory_.workspace;
  }

  /// The allocator gives cached blocks back before it fails, so what fragmentation adds shrinks where memory is short.
  [[nodiscard]] Bytes slack(Bytes used) const {
    const Bytes whole = used * memory_.allocator_slack;
    const Bytes room = run_.cluster.gpu.memory - memory_.workspace - used;
    return max(whole * stubborn_slack, min(whole, room));
  }

  const Run& run_;
  const Parallelism& par_;
  const models::ModelSpec& model_;
  const StackMemory& memory_;
  const StageLayout& layout_;
  double tokens_;
  double sequence_tokens_;
  int chunks_;
  const std::vector<KindMemory>& kinds_;
};

std::vector<KindMemory> kind_memories(const Run& run) {
  std::vector<KindMemory> kinds;
  kinds.reserve(run.model.kinds.size());
  for (const models::Layer& layer : run.model.kinds) kinds.push_back(kind_memory(run, layer));
  return kinds;
}

}  // namespace

KindMemory kind_memory(const Run& run, const models::Layer& layer) {
  return {layer_activations(run, layer), layer_parameters(run, layer).total()};
}

MemoryTerms rank_memory(const Run& run, const StageLayout& layout, const MemoryParts& parts, int rank) {
  return MemoryModel(run, layout, parts.kinds).rank(rank, parts.ranks[static_cast<std::size_t>(rank)], parts.in_flight);
}

MemoryEstimate memory(const Run& run, const StageLayout& layout, std::span<const double> in_flight) {
  const std::vector<KindMemory> kinds = kind_memories(run);
  const MemoryModel model(run, layout, kinds);
  const std::vector<RankParameters> parameters = rank_parameters(run, layout);
  MemoryEstimate e;
  e.capacity = run.cluster.gpu.memory;
  e.ranks.reserve(parameters.size());
  for (int r = 0; r < run.parallelism.pp; ++r) {
    e.ranks.push_back(model.rank(r, parameters[static_cast<std::size_t>(r)], in_flight));
    if (e.ranks.back().sum() > e.total()) e.worst = r;
  }
  return e;
}

MemoryEstimate memory(const Run& run) {
  return memory(run, stage_layout(run.model, virtual_stages(run.parallelism)), in_flight(run));
}

std::vector<Bytes> stage_activations(const Run& run, const StageLayout& layout) {
  const std::vector<KindMemory> kinds = kind_memories(run);
  const MemoryModel model(run, layout, kinds);
  std::vector<Bytes> out;
  out.reserve(static_cast<std::size_t>(layout.virtual_stages));
  for (int s = 0; s < layout.virtual_stages; ++s) out.push_back(model.stage_layers(s));
  return out;
}

}  // namespace sextant::sim
