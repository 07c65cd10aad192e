// SPDX-License-Identifier: Apache-2.0
#include "profiler/core/measurer.hpp"

namespace sextant::profile {

std::vector<Case> small_cases() {
  using enum KernelAxis;
  std::vector<Case> out;
  const auto add = [&out](KernelFamily family, KernelDtype dtype, KernelPass pass, KernelAxes axes) {
    Case c;
    c.family = family;
    c.dtype = dtype;
    c.pass = pass;
    c.axes = axes;
    out.push_back(c);
  };
  for (const KernelPass pass : {KernelPass::fwd, KernelPass::dgrad, KernelPass::wgrad}) {
    for (const KernelDtype dtype :
         {KernelDtype::bf16, KernelDtype::fp16, KernelDtype::fp8, KernelDtype::fp8_blockwise}) {
      add(KernelFamily::gemm, dtype, pass, {{m, 384}, {n, 256}, {k, 512}});
    }
    add(KernelFamily::grouped_gemm, KernelDtype::bf16, pass, {{m, 128}, {n, 256}, {k, 384}, {groups, 4}, {skew, 2}});
    add(KernelFamily::grouped_gemm, KernelDtype::fp8_blockwise, pass,
        {{m, 128}, {n, 256}, {k, 384}, {groups, 2}, {skew, 1}});
  }
  for (const KernelPass pass : {KernelPass::fwd, KernelPass::bwd}) {
    add(KernelFamily::rms_norm, KernelDtype::bf16, pass, {{tokens, 67}, {hidden, 1024}});
    add(KernelFamily::rms_norm, KernelDtype::bf16, pass, {{tokens, 9}, {hidden, 7168}});
    add(KernelFamily::swiglu, KernelDtype::bf16, pass, {{tokens, 67}, {hidden, 768}});
  }
  for (const KernelPass pass : {KernelPass::fwd, KernelPass::bwd}) {
    const auto attention = [&](double heads_in_all, double shared, double width, double v_width, double length) {
      add(KernelFamily::attention, KernelDtype::bf16, pass,
          {{batch, 2},
           {seq, length},
           {heads, heads_in_all},
           {kv_heads, shared},
           {head_dim, width},
           {v_head_dim, v_width},
           {causal, 1}});
    };
    attention(2, 2, 64, 64, 136);    // every head its own keys
    attention(6, 2, 128, 128, 200);  // groups of three
    attention(2, 2, 192, 128, 136);  // latent attention
  }
  add(KernelFamily::rope, KernelDtype::bf16, KernelPass::fwd, {{tokens, 33}, {heads, 5}, {head_dim, 128}});
  add(KernelFamily::rope, KernelDtype::bf16, KernelPass::fwd, {{tokens, 33}, {heads, 129}, {head_dim, 64}});
  add(KernelFamily::swiglu_cast, KernelDtype::fp8_blockwise, KernelPass::fwd, {{tokens, 67}, {hidden, 768}});
  add(KernelFamily::cast, KernelDtype::fp8_blockwise, KernelPass::none, {{tokens, 67}, {hidden, 1024}, {block, 128}});
  add(KernelFamily::cast, KernelDtype::fp8_blockwise, KernelPass::none,
      {{tokens, 256}, {hidden, 1024}, {block, 16384}});
  add(KernelFamily::cast_transpose, KernelDtype::fp8_blockwise, KernelPass::none,
      {{tokens, 256}, {hidden, 384}, {block, 128}});
  add(KernelFamily::router, KernelDtype::fp32, KernelPass::fwd,
      {{tokens, 131}, {experts, 256}, {top_k, 8}, {expert_groups, 8}, {group_limit, 4}});
  add(KernelFamily::router, KernelDtype::fp32, KernelPass::fwd,
      {{tokens, 131}, {experts, 160}, {top_k, 6}, {expert_groups, 8}, {group_limit, 3}});
  add(KernelFamily::router, KernelDtype::fp32, KernelPass::fwd, {{tokens, 131}, {experts, 8}, {top_k, 2}});
  for (const KernelFamily family : {KernelFamily::permute, KernelFamily::unpermute}) {
    add(family, KernelDtype::bf16, KernelPass::fwd, {{tokens, 131}, {hidden, 512}, {experts, 8}, {top_k, 2}});
    add(family, KernelDtype::bf16, KernelPass::fwd, {{tokens, 131}, {hidden, 1024}, {experts, 64}, {top_k, 6}});
  }
  add(KernelFamily::cross_entropy, KernelDtype::bf16, KernelPass::fwd_bwd, {{tokens, 33}, {vocab, 4000}, {gpus, 4}});
  add(KernelFamily::cross_entropy, KernelDtype::bf16, KernelPass::fwd_bwd, {{tokens, 33}, {vocab, 32000}, {gpus, 1}});
  add(KernelFamily::adamw, KernelDtype::mixed, KernelPass::none, {{elements, 100008}});
  add(KernelFamily::copy, KernelDtype::bf16, KernelPass::none, {{KernelAxis::bytes, 262144}});
  add(KernelFamily::triad, KernelDtype::fp32, KernelPass::none, {{KernelAxis::bytes, 262144}});
  add(KernelFamily::launch, KernelDtype::mixed, KernelPass::none, {{elements, 10}});
  add(KernelFamily::launch, KernelDtype::mixed, KernelPass::fwd, {{elements, 10}});
  return out;
}

}  // namespace sextant::profile
