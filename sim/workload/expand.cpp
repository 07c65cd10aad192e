// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/expand.hpp"

#include <algorithm>

#include "sim/comm/expert_exchange.hpp"
#include "sim/workload/casts.hpp"

namespace sextant::sim {

namespace {

constexpr double half = 2.0;                     // bytes of a 16-bit element
constexpr KernelTraffic router_traffic{16, 32};  // softmax, top-k and masks in fp32, a token and expert

const LayerTraffic& layer_kernels(const Run& run) {
  return is_compiled(run) ? run.stack.compiled_kernels : run.stack.kernels;
}

/// Collects the operators of one layer; holds what they have in common.
class Expansion {
 public:
  Expansion(const Run& run, const models::Layer& layer, double imbalance)
      : run_(run),
        layer_(layer),
        shape_(rank_shape(run, layer.mlp, imbalance)),
        hidden_(run.model.hidden),
        tp_(run.parallelism.tp),
        kernels_(layer_kernels(run)),
        low_(is_eight_bit_or_less(run.precision)),
        blockwise_(scales_blockwise(run.precision, run.stack.fp8_recipe)) {}

  LayerWork build() {
    if (layer_.has_attention) attention_block();
    switch (layer_.mlp.kind) {
      case models::Mlp::Kind::none: break;
      case models::Mlp::Kind::dense: dense_block(); break;
      case models::Mlp::Kind::moe: moe_block(); break;
    }
    return work_;
  }

 private:
  // ---- operators ----

  void linear(OpName name, Block block, double m, double n, double k, bool low, Module module = Module::core_attn,
              bool has_module = false) {
    Op op;
    op.kind = OpKind::linear;
    op.name = name;
    op.block = block;
    op.module = module;
    op.has_module = has_module;
    op.low_precision = low && low_;
    op.tensor_parallel = tp_ > 1 && name != OpName::router && name != OpName::q_down && name != OpName::kv_down;
    op.gemm = {m, n, k};
    work_.add(op);
  }

  void elementwise(OpName name, Block block, KernelTraffic bytes, Module module = Module::layernorm,
                   bool has_module = false) {
    Op op;
    op.kind = OpKind::elementwise;
    op.name = name;
    op.block = block;
    op.module = module;
    op.has_module = has_module;
    op.forward_traffic = Bytes{bytes.forward};
    op.backward_traffic = Bytes{bytes.backward};
    if (has_module) op.redone_traffic = op.forward_traffic;
    work_.add(op);
  }

  void casts(Block block, const CastElements& elements) {
    if (!low_) return;
    Op op;
    op.kind = OpKind::cast;
    op.name = OpName::cast;
    op.block = block;
    const KernelTraffic bytes = cast_traffic(elements, blockwise_);
    op.forward_traffic = Bytes{bytes.forward};
    op.backward_traffic = Bytes{bytes.backward};
    work_.add(op);
  }

  /// A block whose input is normed and whose output joins the residual, both as wide as the model and in slices where
  /// the sequence is; and what its other GEMMs read and write.
  CastElements cast_elements(double inner_input, double inner_output, double weights) const {
    const double slice = shape_.sequence_tokens * hidden_;
    const double whole = shape_.tokens * hidden_;
    const bool sliced = slice < whole;
    return {.normed = slice,
            .input = inner_input,
            .turned = whole,
            .output = inner_output + (sliced ? 0.0 : whole),
            .sliced = sliced ? slice : 0.0,
            .gathered = sliced ? whole : 0.0,
            .weights = run_.stack.casts_weights_each_pass ? weights : 0.0};
  }

  /// What is dispatched in 8 bits was cast before it was sent, once a token; experts only turn it for the weight
  /// gradient. The same holds for the gradient of what they return.
  void expert_casts(double rows, double activations, double inner) {
    const bool sent_low = blockwise_ && run_.stack.dispatch_bytes < half && run_.parallelism.ep > 1;
    const double sent = sent_low ? rows / layer_.mlp.experts_per_token : rows;
    casts(Block::mlp, {.input = sent + activations, .output = inner + sent});
    if (!low_ || !sent_low) return;
    Op& op = work_.ops[work_.size - 1];
    op.backward_traffic += Bytes{turned_bytes * 2 * (rows - sent)};
  }

  void communication(OpKind kind, OpName name, Block block, Bytes payload) {
    Op op;
    op.kind = kind;
    op.name = name;
    op.block = block;
    op.payload = payload;
    work_.add(op);
  }

  void exchange(OpKind kind, OpName name, double tokens, double element_bytes) {
    Op op;
    op.kind = kind;
    op.name = name;
    op.block = Block::mlp;
    op.tokens = tokens;
    op.token_bytes = Bytes{hidden_ * element_bytes};
    work_.add(op);
  }

  void norm_and_residual(Block block) {
    const double elements = shape_.sequence_tokens * hidden_;
    elementwise(OpName::norm_and_residual, block, elements * kernels_.norm + elements * kernels_.residual,
                Module::layernorm, true);
    work_.ops[work_.size - 1].redone_traffic = Bytes{elements * kernels_.norm.forward};
  }

  /// Between the projections and attention: biases, splits, rotation, and the copies back.
  void rotation_and_layout(const models::Attention& a, double heads, double projected) {
    const double t = shape_.tokens;
    // Latent attention writes every head's query and key anew: the rotated part joins the part that is not.
    const double rotated = is_rotary(a) ? t * (heads + static_cast<double>(a.kv_heads) / tp_) * a.head_dim : 0.0;
    const bool head_norms = a.qk_norm || a.full_qk_norm;
    const double normed = head_norms ? t * (heads + static_cast<double>(a.kv_heads) / tp_) * a.head_dim : 0.0;
    const double latents = t * (a.q_lora_rank + a.kv_lora_rank);  // each has a norm of its own
    elementwise(OpName::rope, Block::attention,
                projected * kernels_.qkv + rotated * kernels_.rope + (latents + normed) * kernels_.norm +
                    (t * heads * a.v_head_dim) * kernels_.attention_out,
                Module::mla_up_proj, a.kind == models::Attention::Kind::latent);
  }

  /// Positions are not part of a run's shape: plain MLPs under full attention are of GPT's family, whose positions are
  /// learned or biases of the scores.
  [[nodiscard]] bool is_rotary(const models::Attention& a) const {
    return layer_.mlp.kind != models::Mlp::Kind::dense || layer_.mlp.gated || a.kv_heads != a.heads ||
           a.kind == models::Attention::Kind::latent;
  }

  void activation(Block block, const models::Mlp& m, double elements, Module module) {
    elementwise(OpName::activation, block, elements * (m.gated ? kernels_.gated : kernels_.plain), module, true);
  }

  // ---- blocks ----

  void attention_block() {
    const models::Attention& a = layer_.attention;
    const double t = shape_.tokens;
    const double heads = static_cast<double>(a.heads) / tp_;
    norm_and_residual(Block::attention);
    double projected = 0;  // elements that come out of the input projections
    if (a.kind == models::Attention::Kind::latent) {
      projected = latent_projections(a, heads);
    } else {
      const double width = (a.heads + 2.0 * a.kv_heads) * a.head_dim / tp_;
      linear(OpName::qkv, Block::attention, t, width, hidden_, true);
      projected = t * width;
    }
    if (a.output_gate) linear(OpName::output_gate, Block::attention, t, heads * a.v_head_dim, hidden_, true);
    rotation_and_layout(a, heads, projected);
    core_attention(a, heads);
    const double attention_width = heads * a.v_head_dim;
    linear(OpName::attention_out, Block::attention, t, hidden_, attention_width, true);
    const double weights = hidden_ * (projected / t + attention_width);
    casts(Block::attention, cast_elements(t * (attention_width + a.q_lora_rank + a.kv_lora_rank), projected, weights));
    if (tp_ > 1) communication(OpKind::tensor_collective, OpName::tensor_reduce, Block::attention, tensor_bytes(t));
    const int cp = run_.parallelism.cp;
    if (cp > 1) {
      const double kv = sends_latents(a) ? static_cast<double>(a.kv_lora_rank) + a.qk_rope_head_dim
                                         : a.kv_heads * (a.head_dim + a.v_head_dim) / tp_;
      communication(OpKind::context_exchange, OpName::context_exchange, Block::attention,
                    Bytes{half * (cp - 1) * t * kv});
    }
  }

  /// DeepSeek's latent attention: down and up projections of queries and of keys and values.
  double latent_projections(const models::Attention& a, double heads) {
    const double t = shape_.tokens;
    const double query = heads * a.head_dim;
    const double key_value = heads * (a.qk_nope_head_dim + a.v_head_dim);
    double projected = query + key_value + a.kv_lora_rank + a.qk_rope_head_dim;
    if (a.q_lora_rank > 0) {
      linear(OpName::q_down, Block::attention, t, a.q_lora_rank, hidden_, true);
      linear(OpName::q_up, Block::attention, t, query, a.q_lora_rank, true, Module::mla_up_proj, true);
      projected += a.q_lora_rank;
    } else {
      linear(OpName::q_up, Block::attention, t, query, hidden_, true);
    }
    linear(OpName::kv_down, Block::attention, t, a.kv_lora_rank + a.qk_rope_head_dim, hidden_, true);
    const double latents = sends_latents(a) ? t * run_.parallelism.cp : t;
    linear(OpName::kv_up, Block::attention, latents, key_value, a.kv_lora_rank, true, Module::mla_up_proj, true);
    return t * projected;
  }

  /// Around the context-parallel ring go the latents, from which every rank makes all keys and values, or those.
  [[nodiscard]] bool sends_latents(const models::Attention& a) const {
    return run_.parallelism.cp > 1 && a.kind == models::Attention::Kind::latent && run_.stack.exchanges_latents;
  }

  void core_attention(const models::Attention& a, double heads) {
    Op op;
    op.kind = OpKind::core_attention;
    op.name = OpName::core;
    op.block = Block::attention;
    op.module = Module::core_attn;
    op.has_module = true;
    const double cp = run_.parallelism.cp;
    op.attention.sequences = run_.batch.micro_sequences;
    op.attention.seq_len = run_.batch.seq_len;
    op.attention.query_len = run_.batch.seq_len / cp;
    op.attention.heads = heads;
    op.attention.head_dim = 0.5 * (a.head_dim + a.v_head_dim);
    op.attention.qk_head_dim = a.head_dim;
    op.attention.v_head_dim = a.v_head_dim;
    op.attention.window = a.window;
    op.attention.chunked = a.chunked_window;
    op.attention.block_len = cp > 1 ? run_.batch.seq_len / (2 * cp) : run_.batch.seq_len;
    work_.add(op);
  }

  void dense_block() {
    const models::Mlp& m = layer_.mlp;
    const double t = shape_.tokens;
    const double width = static_cast<double>(m.ffn) / tp_;
    norm_and_residual(Block::mlp);
    linear(OpName::fc1, Block::mlp, t, (m.gated ? 2.0 : 1.0) * width, hidden_, true, Module::mlp, true);
    linear(OpName::fc2, Block::mlp, t, hidden_, width, true, Module::mlp, true);
    activation(Block::mlp, m, t * width, Module::activation);
    const double inner = (m.gated ? 2.0 : 1.0) * width;
    casts(Block::mlp, cast_elements(t * width, t * inner, hidden_ * (inner + width)));
    if (tp_ > 1) communication(OpKind::tensor_collective, OpName::tensor_reduce, Block::mlp, tensor_bytes(t));
  }

  void moe_block() {
    const models::Mlp& m = layer_.mlp;
    const double etp = run_.parallelism.etp;
    const double routed = shape_.routed_tokens;  // copies that arrive at this rank's share of the experts
    const double gathered = routed * etp;        // rows its expert GEMMs see
    const double width = m.expert_ffn / etp;
    const double gate = m.gated ? 2.0 : 1.0;
    const double tokens = shape_.tokens / tp_;  // MoE layers split tokens over tp whatever attention does
    norm_and_residual(Block::mlp);
    linear(OpName::router, Block::mlp, tokens, m.experts, hidden_, false);
    const double sent = routed / m.experts_per_token;
    if (run_.parallelism.ep > 1) exchange(OpKind::dispatch, OpName::dispatch, sent, run_.stack.dispatch_bytes);
    const double rows = gathered / shape_.local_experts;
    grouped(OpName::expert_fc1, rows, gate * width, hidden_);
    grouped(OpName::expert_fc2, rows, hidden_, width);
    if (m.shared_ffn > 0) shared_experts(m, gate);
    permute(routed, gathered);
    if (m.bias)
      elementwise(OpName::expert_bias, Block::mlp, (gathered * hidden_) * kernels_.expert_bias, Module::moe, true);
    activation(Block::mlp, m, gathered * width, Module::moe_act);
    elementwise(OpName::router, Block::mlp, (tokens * m.experts) * router_traffic, Module::moe, true);
    expert_casts(routed * hidden_, routed * m.expert_ffn, gathered * gate * width);
    if (run_.parallelism.ep > 1) exchange(OpKind::combine, OpName::combine, sent, half);
    if (etp > 1) {
      communication(OpKind::expert_tensor_collective, OpName::expert_tensor_reduce, Block::mlp, hidden_bytes(gathered));
    }
  }

  /// Rows are copied into expert order as they were sent and back in 16 bits; gradients take the same ways back.
  /// One copy a destination: an arriving token is read once and written for every local expert that it chose. One copy
  /// an expert: tokens are copied before they are sent, and what arrives is sorted where a rank has several experts
  /// (Megatron-Core, moe/token_dispatcher.py: permute, sort_chunks_by_idxs, and both again on the way back).
  void permute(double routed, double gathered) {
    Op op;
    op.kind = OpKind::elementwise;
    op.name = OpName::permute;
    op.block = Block::mlp;
    op.module = Module::moe;
    op.has_module = true;
    const models::Mlp& m = layer_.mlp;
    const double tokens = routed / m.experts_per_token;
    const bool one_a_destination = run_.parallelism.ep > 1 && deduplicates_dispatch(run_);
    double rows = routed + tokens;  // read and written one way
    if (one_a_destination) {
      rows = routed + tokens * comm::expected_distinct(m.experts, m.experts_per_token, run_.parallelism.ep);
    } else if (shape_.local_experts > 1) {
      rows += 2.0 * gathered;
    }
    op.forward_traffic = Bytes{hidden_ * rows * (run_.stack.dispatch_bytes + half)};
    op.backward_traffic = op.forward_traffic;
    op.redone_traffic = op.forward_traffic;
    work_.add(op);
  }

  void grouped(OpName name, double rows, double n, double k) {
    Op op;
    op.kind = OpKind::grouped_linear;
    op.name = name;
    op.block = Block::mlp;
    op.module = Module::moe;
    op.has_module = true;
    op.low_precision = low_;
    op.count = shape_.local_experts;
    op.gemm = {rows, n, k};
    work_.add(op);
  }

  void shared_experts(const models::Mlp& m, double gate) {
    const double width = static_cast<double>(m.shared_ffn) / tp_;
    const double t = shape_.tokens;
    linear(OpName::shared_fc1, Block::mlp, t, gate * width, hidden_, true, Module::moe, true);
    linear(OpName::shared_fc2, Block::mlp, t, hidden_, width, true, Module::moe, true);
    activation(Block::mlp, m, t * width, Module::moe_act);
    casts(Block::mlp, cast_elements(t * width, t * gate * width, hidden_ * (gate + 1) * width));
  }

  /// Gathers of a sequence-parallel layer carry what the norm wrote and the cast gradient, 8 bits each; sums that are
  /// scattered stay in 16.
  [[nodiscard]] Bytes tensor_bytes(double rows) const {
    const bool low = low_ && !blockwise_ && run_.parallelism.sequence_parallel;
    return hidden_bytes(rows) * (low ? (half + 1.0) / (2 * half) : 1.0);
  }

  [[nodiscard]] Bytes hidden_bytes(double rows) const { return Bytes{half * rows * hidden_}; }

  const Run& run_;
  const models::Layer& layer_;
  RankShape shape_;
  double hidden_;
  double tp_;
  const LayerTraffic& kernels_;
  bool low_;
  bool blockwise_;
  LayerWork work_;
};

}  // namespace

LayerWork expand_layer(const Run& run, const models::Layer& layer, double imbalance) {
  return Expansion(run, layer, imbalance).build();
}

}  // namespace sextant::sim
