// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <string>

#include "profiler/core/case_list.hpp"

namespace sextant::profile {

namespace {

using enum KernelAxis;

double number(int v) { return static_cast<double>(v); }

void add_norms_and_activations(CaseList& list, const ModelShape& s, int micro) {
  const double rows = number(s.seq) * micro;
  const std::string mb = " mb" + std::to_string(micro);
  const bool quick = micro == 1 && s.id == "deepseek-v3";
  const auto add = [&](KernelFamily family, KernelDtype dtype, KernelPass pass, KernelAxes axes, const char* use) {
    Case c = case_of(s, family, dtype, pass, axes, use + mb);
    c.quick = quick;
    list.add(std::move(c));
  };
  const double width = number(s.hidden);
  add(KernelFamily::rms_norm, KernelDtype::bf16, KernelPass::fwd, {{tokens, rows}, {hidden, width}}, "norm");
  add(KernelFamily::rms_norm, KernelDtype::bf16, KernelPass::bwd, {{tokens, rows}, {hidden, width}}, "norm");
  const double rotary = number(s.rope_dim > 0 ? s.rope_dim : s.head_dim);
  add(KernelFamily::rope, KernelDtype::bf16, KernelPass::fwd,
      {{tokens, rows}, {heads, number(s.heads + (s.rope_dim > 0 ? 1 : s.kv_heads))}, {head_dim, rotary}}, "rope");
  // The gated half of the MLP: a rank's dense layer, or the rows its experts get.
  const double ffn = number(s.experts > 0 ? s.expert_ffn : s.ffn / s.usual_tp);
  const double ffn_rows = s.experts > 0 ? rows * s.top_k : rows;
  for (const KernelPass pass : {KernelPass::fwd, KernelPass::bwd}) {
    add(KernelFamily::swiglu, KernelDtype::bf16, pass, {{tokens, ffn_rows}, {hidden, ffn}}, "activation");
  }
  if (micro > 1) return;
  add(KernelFamily::swiglu_cast, KernelDtype::fp8_blockwise, KernelPass::fwd, {{tokens, ffn_rows}, {hidden, ffn}},
      "activation");
  add(KernelFamily::cast, KernelDtype::fp8_blockwise, KernelPass::none, {{tokens, rows}, {hidden, width}, {block, 128}},
      "cast");
  add(KernelFamily::cast_transpose, KernelDtype::fp8_blockwise, KernelPass::none,
      {{tokens, rows}, {hidden, width}, {block, 128}}, "cast");
  add(KernelFamily::cast, KernelDtype::fp8_blockwise, KernelPass::none,
      {{tokens, 2 * ffn}, {hidden, width}, {block, 128 * 128}}, "weight cast");
}

void add_routing(CaseList& list, const ModelShape& s, int micro) {
  const double rows = number(s.seq) * micro;
  const std::string mb = " mb" + std::to_string(micro);
  KernelAxes axes{{tokens, rows},
                  {experts, number(s.experts)},
                  {top_k, number(s.top_k)},
                  {expert_groups, number(s.expert_groups)},
                  {group_limit, number(s.group_limit)}};
  Case router = case_of(s, KernelFamily::router, KernelDtype::fp32, KernelPass::fwd, axes, "router" + mb);
  router.quick = s.id == "deepseek-v3" && micro == 1;
  list.add(router);
  const KernelAxes moved{
      {tokens, rows}, {hidden, number(s.hidden)}, {experts, number(s.experts)}, {top_k, number(s.top_k)}};
  for (const KernelFamily family : {KernelFamily::permute, KernelFamily::unpermute}) {
    Case c = case_of(s, family, KernelDtype::bf16, KernelPass::fwd, moved, std::string(hardware::name_of(family)) + mb);
    c.quick = router.quick;
    list.add(std::move(c));
  }
}

void add_loss_and_optimizer(CaseList& list, const ModelShape& s) {
  const double shard = number(s.vocab / s.usual_tp);
  Case loss = case_of(s, KernelFamily::cross_entropy, KernelDtype::bf16, KernelPass::fwd_bwd,
                      {{tokens, number(s.seq)}, {vocab, shard}, {gpus, number(s.usual_tp)}}, "loss");
  loss.quick = s.id == "deepseek-v3";
  list.add(std::move(loss));
}

}  // namespace

void add_memory_bound(CaseList& list) {
  for (const ModelShape& s : model_shapes) {
    for (const int micro : {1, 2, 4}) add_norms_and_activations(list, s, micro);
    if (s.experts > 0) {
      for (const int micro : {1, 2}) add_routing(list, s, micro);
    }
    add_loss_and_optimizer(list, s);
  }
  for (const double count : {16e6, 256e6, 1024e6}) {
    Case c;
    c.family = KernelFamily::adamw;
    c.dtype = KernelDtype::mixed;
    c.axes = {{elements, count}};
    c.quick = count == 256e6;
    c.dense = true;
    c.moe = true;
    list.add(std::move(c));
  }
}

void add_attention(CaseList& list) {
  for (const ModelShape& s : model_shapes) {
    for (const double length : {2048.0, 4096.0, 8192.0, 16384.0, 32768.0}) {
      const double local_heads = number(s.heads / s.usual_tp);
      const double local_kv = std::fmax(1.0, number(s.kv_heads / s.usual_tp));
      const KernelAxes axes{{batch, length < 8192 ? 8192 / length : 1},
                            {seq, length},
                            {heads, local_heads},
                            {kv_heads, local_kv},
                            {head_dim, number(s.head_dim)},
                            {v_head_dim, number(s.v_head_dim)},
                            {causal, 1}};
      for (const KernelPass pass : {KernelPass::fwd, KernelPass::bwd}) {
        Case c = case_of(s, KernelFamily::attention, KernelDtype::bf16, pass, axes,
                         "attention tp" + std::to_string(s.usual_tp));
        c.quick = length == 4096 && (s.id == "deepseek-v3" || s.id == "llama-3-8b");
        list.add(std::move(c));
      }
    }
  }
}

}  // namespace sextant::profile
