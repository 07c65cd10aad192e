// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/generation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "hardware/accelerator.hpp"
#include "models/counts.hpp"
#include "sim/campaign/lengths.hpp"
#include "sim/comm/collectives.hpp"
#include "sim/comm/fabric.hpp"

namespace sextant::sim {

namespace {

constexpr double two_bytes = 2;

/// What decoding reads and computes, per GPU of a replica.
struct Decoder {
  double dense_bytes = 0;      ///< weights every step reads
  double expert_bytes = 0;     ///< of all experts; a step reads those its batch hits
  double expert_share = 0;     ///< of the experts that one token uses
  double flops = 0;            ///< of a token, over the GPUs that share it
  double cache_bytes = 0;      ///< of a token of context, in layers that keep all of it
  double window_bytes = 0;     ///< of a sequence, in layers that keep a window of it
  double attention_ranks = 1;  ///< GPUs over which one sequence's attention is split
  double layers = 0;
  double moe_layers = 0;
  double hidden = 0;
  double experts_per_token = 0;

  [[nodiscard]] double weight_bytes() const { return dense_bytes + expert_bytes; }
};

double bytes_of(Precision p) { return is_eight_bit_or_less(p) ? 1 : two_bytes; }

/// Keys and values of a layer in 16 bits. A head is not split over ranks; a latent is one head and lies on all of them.
void add_cache(const models::Layer& layer, int tp, Decoder& d) {
  if (!layer.has_attention) return;
  const models::Attention& a = layer.attention;
  const bool latent = a.kind == models::Attention::Kind::latent;
  const double bytes = latent ? two_bytes * (a.kv_lora_rank + a.qk_rope_head_dim)
                              : two_bytes * a.kv_heads * (a.head_dim + a.v_head_dim) / std::min(tp, a.kv_heads);
  if (a.window > 0) {
    d.window_bytes += bytes * a.window;
  } else {
    d.cache_bytes += bytes;
  }
}

Decoder decoder_of(const Run& run, const Generation& how, Precision precision) {
  Decoder d;
  const models::ModelSpec& m = run.model;
  const double width = bytes_of(precision);
  const double expert_ranks = std::max(how.ep, how.tp);
  double dense = 0;
  double experts = 0;
  for (int i = 0; i < m.layers(); ++i) {
    const models::Layer& layer = m.layer(i);
    const models::LayerParameters p = models::parameters(m, layer);
    dense += p.total() - p.experts;
    experts += p.experts;
    if (layer.mlp.kind == models::Mlp::Kind::moe) {
      d.moe_layers += 1;
      d.expert_share = static_cast<double>(layer.mlp.experts_per_token) / layer.mlp.experts;
      d.experts_per_token = layer.mlp.experts_per_token;
    }
    add_cache(layer, how.tp, d);
  }
  const models::ParameterCounts counts = models::parameter_counts(m);
  const double head = counts.head > 0 ? counts.head : counts.embedding;
  d.attention_ranks = how.tp;
  d.dense_bytes = (dense * width + head * two_bytes) / how.tp;
  d.expert_bytes = experts * width / expert_ranks;
  d.flops = 2 * counts.active_without_embedding / how.tp;
  d.layers = m.layers();
  d.hidden = m.hidden;
  return d;
}

/// Decoding steps of one replica, in stretches over which the batch is taken as constant.
class Replica {
 public:
  Replica(const Run& run, const Samples& samples, const Generation& how, bool colocated)
      : how_(how), samples_(samples), engine_(how.engine), gpu_(run.cluster.gpu) {
    const Precision precision = how.precision.value_or(run.precision);
    decoder_ = decoder_of(run, how, precision);
    gemm_ = peak(precision) * engine_.gemm_share;
    hbm_ = gpu_.hbm.value() * engine_.hbm_share;
    set_network(run);
    const double share = colocated ? engine_.memory_share_colocated : engine_.memory_share;
    room_ = gpu_.memory.value() * share - decoder_.weight_bytes();
    const double context = samples.prompt_tokens + 0.6 * samples.response_tokens;
    // Sequences of one attention group; a replica with wider expert sharing holds several groups.
    const double each = decoder_.cache_bytes * context + decoder_.window_bytes;
    concurrency_ = std::clamp(std::floor(room_ / each), 1.0, engine_.most_sequences);
  }

  [[nodiscard]] bool fits() const { return room_ > 0; }
  [[nodiscard]] double concurrency() const { return concurrency_; }

  /// Writes the responses with `concurrency_` of them at a time.
  void write(const std::vector<double>& lengths, double last, GenerationTime& t) const {
    std::vector<Active> active;
    std::size_t next = 0;
    const double stretch = std::max(1.0, last / stretches);
    double after_half = 0;
    while (next < lengths.size() || !active.empty()) {
      while (next < lengths.size() && static_cast<double>(active.size()) < concurrency_) {
        active.push_back({lengths[next++], 0});
      }
      const double before = t.total.value();
      step(active, stretch, t);
      if (next == lengths.size() && static_cast<double>(active.size()) <
                                        0.5 * std::min<double>(concurrency_, static_cast<double>(lengths.size()))) {
        after_half += t.total.value() - before;
      }
    }
    t.tail = Seconds{after_half};
  }

 private:
  static constexpr double stretches = 200;

  struct Active {
    double left;
    double written;
  };

  [[nodiscard]] double peak(Precision p) const {
    const hardware::Peaks& all = gpu_.peak;
    if (is_eight_bit_or_less(p) && all.fp8.value() > 0) return all.fp8.value();
    return all.bf16.value() > 0 ? all.bf16.value() : all.fp16.value();
  }

  void set_network(const Run& run) {
    fabric_ = comm::fabric_of(run.cluster);
    tensor_ = {how_.tp, std::min(how_.tp, std::max(1, run.cluster.nvlink_domain)), 1,
               std::min(how_.tp, run.cluster.gpus_per_node)};
    node_ = run.cluster.nvlink_domain;
    in_node_ = how_.tp <= node_;
  }

  [[nodiscard]] double exchange(double batch) const {
    const double message = batch * decoder_.hidden * two_bytes;
    double seconds = 0;
    if (how_.tp > 1) {
      const double wire = comm::all_reduce(fabric_, tensor_, Bytes{message}).total.value();
      // Inside a node engines replace NCCL by one-shot kernels: their latency, NCCL's bandwidth.
      const double one = in_node_ ? engine_.reduction.value() + message / gpu_.nvlink.value() : wire;
      const double split = how_.ep > how_.tp ? 1 : 2;  // expert parallelism has an exchange in place of the second one
      seconds += one * (split * decoder_.moe_layers + 2 * (decoder_.layers - decoder_.moe_layers));
    }
    if (how_.ep > how_.tp) {
      // FP8 out, 16 bits back, a copy for every chosen expert; the tokens are spread over the group's ranks.
      const double bytes = batch / how_.tp * decoder_.experts_per_token * decoder_.hidden * (1 + two_bytes);
      const Seconds once = how_.ep > node_ ? engine_.exchange_latency : engine_.reduction;
      seconds += decoder_.moe_layers * (2 * once.value() + bytes / engine_.exchange.value());
    }
    return seconds;
  }

  /// One stretch of steps with the sequences that are active.
  void step(std::vector<Active>& active, double stretch, GenerationTime& t) const {
    double longest = 0;
    double context = 0;
    double tokens = 0;
    for (const Active& a : active) longest = std::max(longest, a.left);
    const double length = std::min(stretch, longest);
    for (const Active& a : active) {
      const double now = std::min(length, a.left);
      context += now * (samples_.prompt_tokens + a.written + now / 2);
      tokens += now;
    }
    const double steps = length / how_.tokens_per_step;
    const double mean_batch = tokens / length;
    add(t, steps, mean_batch, context / how_.tokens_per_step, tokens);
    std::vector<Active> still;
    still.reserve(active.size());
    for (const Active& a : active) {
      if (a.left > length) still.push_back({a.left - length, a.written + length});
    }
    active = std::move(still);
  }

  void add(GenerationTime& t, double steps, double batch, double context, double tokens) const {
    // Sequences of the whole expert group meet in its experts.
    const double meeting = batch * std::max(1.0, static_cast<double>(how_.ep) / how_.tp) * how_.tokens_per_step;
    const double hit = 1 - std::pow(1 - decoder_.expert_share, meeting);
    const double reading = steps * (decoder_.dense_bytes + decoder_.expert_bytes * hit) / hbm_;
    const double computing = tokens * decoder_.flops / gemm_;
    const double cache =
        (context * decoder_.cache_bytes + tokens / how_.tokens_per_step * decoder_.window_bytes) / hbm_;
    const double moved = steps * exchange(batch * how_.tokens_per_step);
    const double overhead = steps * (engine_.step.value() + engine_.layer.value() * decoder_.layers);
    t.weights += Seconds{reading};
    t.compute += Seconds{std::max(0.0, computing - reading)};
    t.cache += Seconds{cache};
    t.exchange += Seconds{moved};
    t.overhead += Seconds{overhead};
    t.total += Seconds{std::max(reading, computing) + cache + moved + overhead};
  }

  const Generation& how_;
  const Samples& samples_;
  const ServingEngine& engine_;
  const hardware::Accelerator& gpu_;
  Decoder decoder_;
  double gemm_ = 0;
  double hbm_ = 0;
  double room_ = 0;
  double concurrency_ = 1;
  comm::Fabric fabric_;
  comm::Group tensor_;
  int node_ = 8;
  bool in_node_ = true;
};

}  // namespace

GenerationTime generation_time(const Run& run, const Samples& samples, const Generation& how, double in_flight,
                               bool colocated) {
  constexpr double cut_over_mean = 4;
  constexpr int most_lengths = 4096;
  GenerationTime t;
  t.gpus = how.gpus.value_or(run.cluster.gpus);
  t.replicas = std::max(1.0, t.gpus / how.tp);
  t.tokens = samples.count * samples.response_tokens;
  const Replica replica(run, samples, how, colocated);
  t.fits = replica.fits();
  t.concurrency = replica.concurrency();
  const double longest = samples.longest > 0 ? samples.longest : cut_over_mean * samples.response_tokens;
  const LengthLaw law = length_law(samples.response_tokens, samples.spread, longest);
  const double each = std::max(1.0, samples.count * in_flight / t.replicas);
  // A teacher's millions of samples are written in a steady state: a few thousand tell the rate.
  const double told = std::min<double>(each, most_lengths);
  std::vector<double> lengths = typical_lengths(law, static_cast<int>(std::ceil(told)));
  // The round ends with the longest of all replicas' samples.
  const double last = law.quantile(1 - 0.5 / std::max(1.0, samples.count * in_flight));
  *std::max_element(lengths.begin(), lengths.end()) = last;
  replica.write(lengths, last, t);
  const double scale = each / told / in_flight;
  for (Seconds* part : {&t.total, &t.weights, &t.cache, &t.compute, &t.exchange, &t.overhead, &t.tail}) *part *= scale;
  const double prompts = samples.count / samples.per_prompt * samples.prompt_tokens;
  const Precision precision = how.precision.value_or(run.precision);
  const hardware::Peaks& peak = run.cluster.gpu.peak;
  const FlopRate rate = is_eight_bit_or_less(precision) && peak.fp8.value() > 0 ? peak.fp8
                        : peak.bf16.value() > 0                                 ? peak.bf16
                                                                                : peak.fp16;
  const double forward = 2 * models::parameter_counts(run.model).active_without_embedding;
  t.prefill = Seconds{prompts * forward / (rate.value() * how.engine.gemm_share * t.gpus)};
  t.total += t.prefill;
  return t;
}

}  // namespace sextant::sim
