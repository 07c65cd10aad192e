// SPDX-License-Identifier: Apache-2.0
#include "sim/memory/activations.hpp"

#include <algorithm>
#include <initializer_list>

#include "sim/workload/expand.hpp"

namespace sextant::sim {

namespace {

constexpr double half = 2.0;    // bytes of a 16-bit element
constexpr double single = 4.0;  // bytes of an fp32 element
constexpr double mask = 1.0;    // bytes of an element of a dropout mask

// Scales stored beside narrow elements: one fp32 to 128 (blockwise), one byte to 32 (MX); FP4 has one byte to 16.
constexpr double blockwise_scales = 1.0 + 4.0 / 128.0;
constexpr double mx_scales = 1.0 + 1.0 / 32.0;
constexpr double fp4_element = 0.5 + 1.0 / 16.0;

/// The table's medians, not fitted values: what a run needs to fit does not follow what its step times say.
double prior_imbalance(Routing routing) {
  static const Parameters priors = Parameters::priors();
  return expert_imbalance(routing, priors);
}

/// Adds up kept tensors, apart from those that the run's recompute drops.
class Accounting {
 public:
  Accounting(const Run& run, const models::Layer& layer)
      : run_(run),
        memory_(run.stack.memory),
        layer_(layer),
        shape_(rank_shape(run, layer.mlp, prior_imbalance(run.routing))),
        hidden_(run.model.hidden),
        tp_(run.parallelism.tp),
        low_(is_eight_bit_or_less(run.precision)),
        dropout_(trains_with_dropout(run)),
        input_(linear_input_bytes(run)) {}

  LayerActivations count() {
    if (layer_.has_attention) attention_block();
    switch (layer_.mlp.kind) {
      case models::Mlp::Kind::none: break;
      case models::Mlp::Kind::dense: dense_block(); break;
      case models::Mlp::Kind::moe: moe_block(); break;
    }
    LayerActivations a;
    a.kept = Bytes{kept_};
    a.dropped = Bytes{dropped_};
    a.boundary = Bytes{half * shape_.sequence_tokens * hidden_};
    // The gathered hidden state and its gradient stand beside the block's own gradients.
    a.working = Bytes{std::max(attention_gradients_, mlp_gradients_) + 2.0 * half * shape_.tokens * hidden_};
    return a;
  }

 private:
  void keep(double bytes) { kept_ += bytes; }
  void keep(double bytes, std::initializer_list<Module> droppers) {
    (std::any_of(droppers.begin(), droppers.end(), [this](Module m) { return drops(m); }) ? dropped_ : kept_) += bytes;
  }

  [[nodiscard]] bool drops(Module m) const {
    return run_.recompute.mode == RecomputeMode::selective && run_.recompute.modules.has(m);
  }

  /// Input and output of the block's norm, and the mask of the dropout behind the block.
  void norm(double output_bytes) {
    const double elements = shape_.sequence_tokens * hidden_;
    keep(half * elements);
    keep(output_bytes * elements, {Module::layernorm});
    if (dropout_) keep(mask * elements);
  }

  // ---- attention ----

  void attention_block() {
    const models::Attention& a = layer_.attention;
    const double t = shape_.tokens;
    const double heads = a.heads / tp_;
    const double kv_heads = std::max(1.0, a.kv_heads / tp_);
    norm(input_);
    const double query = heads * a.head_dim;
    const double key = (a.kind == models::Attention::Kind::latent ? heads : kv_heads) * a.head_dim;
    const double value = (a.kind == models::Attention::Kind::latent ? heads : kv_heads) * a.v_head_dim;
    if (a.kind == models::Attention::Kind::latent) {
      latents(a);
      keep(half * t * (query + key + value), {Module::mla_up_proj});
    } else {
      keep(half * t * (query + key + value));
      if (a.qk_norm || a.full_qk_norm) keep(half * t * (query + key));
    }
    const double output = heads * a.v_head_dim;
    if (a.output_gate) keep(2.0 * half * t * output);
    keep((low_ ? memory_.low_attention_output_bytes : half) * t * output);
    if (a.index_heads > 0) {
      keep(half * t * a.index_head_dim * (a.index_heads + 1.0) +
           single * t * std::min(a.index_topk, run_.batch.seq_len));
    }
    const double scores = heads * t * run_.batch.seq_len;
    attention_gradients_ = half * t * (query + key + value + output);
    if (run_.attention == AttentionKernel::unfused) {
      const double softmax = run_.features.has(Feature::unfused_softmax) ? single + half : half;
      keep((softmax + (dropout_ ? mask + half : 0.0)) * scores, {Module::core_attn});
      attention_gradients_ += 2.0 * half * scores;
    } else {
      keep(single * t * heads);  // log-sum-exp of each query
    }
  }

  /// Down-projected queries, keys and values before and behind their norms.
  void latents(const models::Attention& a) {
    const double t = shape_.tokens;
    keep(half * t * (a.q_lora_rank + a.kv_lora_rank + a.qk_rope_head_dim));
    keep(input_ * t * (a.q_lora_rank + a.kv_lora_rank), {Module::layernorm});
  }

  // ---- MLP ----

  /// Input and output of an MLP's activation.
  void activation(double rows, double width, bool gated, std::initializer_list<Module> block, Module alone) {
    const double inner = gated ? 2.0 : 1.0;
    keep((low_ ? memory_.low_activation_input_bytes : half) * rows * inner * width, block);
    if (gated && !memory_.fuses_activation && !is_compiled(run_)) keep(half * rows * width, {alone, *block.begin()});
    const double factor = low_ ? memory_.low_activation_output_bytes * input_ / memory_.low_linear_input_bytes : half;
    keep(factor * rows * width, {alone, *block.begin()});
    mlp_gradients_ += half * rows * (inner + 1.0) * width;
  }

  void dense_block() {
    norm(input_);
    activation(shape_.tokens, layer_.mlp.ffn / tp_, layer_.mlp.gated, {Module::mlp}, Module::activation);
  }

  void moe_block() {
    const models::Mlp& m = layer_.mlp;
    const double etp = run_.parallelism.etp;
    const double tokens = shape_.tokens / tp_;
    const double rows = shape_.routed_tokens * etp;  // what a rank's expert GEMMs see
    norm(half);                                      // the router and the dispatch read 16 bits
    // Logits and probabilities in fp32, and the map of choices.
    keep((2.0 * single + mask) * tokens * m.experts, {Module::moe});
    keep(input_ * rows * hidden_, {Module::moe});
    activation(rows, m.expert_ffn / etp, m.gated, {Module::moe}, Module::moe_act);
    mlp_gradients_ += 2.0 * half * rows * hidden_;
    if (m.shared_ffn == 0) return;
    if (low_) keep(input_ * shape_.sequence_tokens * hidden_, {Module::moe, Module::layernorm});
    activation(shape_.tokens, m.shared_ffn / tp_, m.gated, {Module::moe}, Module::moe_act);
  }

  const Run& run_;
  const StackMemory& memory_;
  const models::Layer& layer_;
  RankShape shape_;
  double hidden_;
  double tp_;
  bool low_;
  bool dropout_;
  double input_;
  double kept_ = 0;
  double dropped_ = 0;
  double attention_gradients_ = 0;
  double mlp_gradients_ = 0;
};

}  // namespace

LayerActivations layer_activations(const Run& run, const models::Layer& layer) {
  return Accounting(run, layer).count();
}

bool trains_with_dropout(const Run& run) { return run.stack.memory.dropout && run.model.norm_vectors == 2; }

double linear_input_bytes(const Run& run) {
  const double low = run.stack.memory.low_linear_input_bytes;
  switch (run.precision) {
    case Precision::bf16:
    case Precision::fp16: return half;
    case Precision::fp8: return run.stack.fp8_recipe == Fp8Recipe::blockwise ? low * blockwise_scales : low;
    case Precision::fp8_blockwise: return low * blockwise_scales;
    case Precision::mxfp8: return low * mx_scales;
    case Precision::nvfp4: return low * fp4_element;
  }
  return half;
}

}  // namespace sextant::sim
