// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include "profiler/core/case_list.hpp"

namespace sextant::profile {

namespace {

constexpr std::array passes{KernelPass::fwd, KernelPass::dgrad, KernelPass::wgrad};

/// Y[tokens x out] = X[tokens x in] W[in x out], as one tensor-parallel rank has it.
struct Linear {
  std::string_view name;
  int out;
  int in;
};

std::vector<Linear> attention_linears(const ModelShape& s, int tp) {
  if (s.kv_lora > 0) {
    const int nope = s.head_dim - s.rope_dim;
    return {{"qkv_down", s.q_lora + s.kv_lora + s.rope_dim, s.hidden},
            {"q_up", s.heads * s.head_dim / tp, s.q_lora},
            {"kv_up", s.heads * (nope + s.v_head_dim) / tp, s.kv_lora},
            {"attention_out", s.hidden, s.heads * s.v_head_dim / tp}};
  }
  const int kv_heads = std::max(s.kv_heads, tp);  // copied to the ranks when there are fewer than ranks
  return {{"qkv", (s.heads + 2 * kv_heads) * s.head_dim / tp, s.hidden},
          {"attention_out", s.hidden, s.heads * s.v_head_dim / tp}};
}

std::vector<Linear> linears(const ModelShape& s, int tp) {
  std::vector<Linear> out = attention_linears(s, tp);
  if (s.ffn > 0) {
    out.push_back({"fc1", 2 * s.ffn / tp, s.hidden});
    out.push_back({"fc2", s.hidden, s.ffn / tp});
  }
  if (s.shared_ffn > 0) {
    out.push_back({"shared_fc1", 2 * s.shared_ffn / tp, s.hidden});
    out.push_back({"shared_fc2", s.hidden, s.shared_ffn / tp});
  }
  if (s.experts > 0) out.push_back({"router", s.experts, s.hidden});
  out.push_back({"head", s.vocab / tp, s.hidden});
  return out;
}

/// The product of one pass, as m, n, k of a plain GEMM: the input gradient contracts over the outputs, the weight
/// gradient over the tokens.
KernelAxes product(KernelPass pass, double rows, const Linear& l) {
  using enum KernelAxis;
  switch (pass) {
    case KernelPass::dgrad: return {{m, rows}, {n, static_cast<double>(l.in)}, {k, static_cast<double>(l.out)}};
    case KernelPass::wgrad: return {{m, static_cast<double>(l.out)}, {n, static_cast<double>(l.in)}, {k, rows}};
    default: return {{m, rows}, {n, static_cast<double>(l.out)}, {k, static_cast<double>(l.in)}};
  }
}

std::string use_text(std::string_view linear, int tp, int micro) {
  return std::string(linear) + " tp" + std::to_string(tp) + " mb" + std::to_string(micro);
}

void add_linears(CaseList& list, const ModelShape& s, KernelDtype dtype, int tp, int micro, bool backward) {
  const double tokens = static_cast<double>(s.seq) * micro;
  for (const Linear& l : linears(s, tp)) {
    // FP8 recipes keep the router and the head in 16 bits; 128-wide blocks need widths that they divide.
    const bool low = dtype == KernelDtype::fp8 || dtype == KernelDtype::fp8_blockwise;
    if (low && (l.name == "router" || l.name == "head" || l.out % 16 != 0)) continue;
    if (dtype == KernelDtype::fp8_blockwise && (l.out % 64 != 0 || l.in % 128 != 0)) continue;
    for (const KernelPass pass : passes) {
      if (pass != KernelPass::fwd && !backward) break;
      list.add(case_of(s, KernelFamily::gemm, dtype, pass, product(pass, tokens, l), use_text(l.name, tp, micro)));
    }
  }
}

/// Rows an expert of the rank gets: tokens x top-k spread evenly, padded to 128 as the permute leaves them.
double rows_per_expert(const ModelShape& s, int local_experts) {
  const double rows = static_cast<double>(s.seq) * s.top_k / local_experts;
  return 128 * std::ceil(rows / 128);
}

}  // namespace

void add_gemms(CaseList& list) {
  for (const ModelShape& s : model_shapes) {
    const bool dense = s.experts == 0;
    for (const int tp : {1, 2, 4, 8}) {
      if (!dense && tp > s.usual_tp) continue;
      add_linears(list, s, KernelDtype::bf16, tp, 1, true);
    }
    for (const int micro : {2, 4, 8}) add_linears(list, s, KernelDtype::bf16, s.usual_tp, micro, micro == 2);
    add_linears(list, s, KernelDtype::fp8, s.usual_tp, 1, true);
    if (s.id == "deepseek-v3" || s.id == "deepseek-v2" || s.id == "llama-3-8b") {
      add_linears(list, s, KernelDtype::fp8_blockwise, s.usual_tp, 1, true);
    }
    if (s.id == "llama-3-8b") add_linears(list, s, KernelDtype::fp16, 1, 1, true);
  }
}

void add_grouped_gemms(CaseList& list) {
  using enum KernelAxis;
  for (const ModelShape& s : model_shapes) {
    for (const int ep : s.expert_parallel) {
      if (ep == 0) continue;
      const int local = s.experts / ep;
      const double rows = rows_per_expert(s, local);
      const std::array<Linear, 2> products{
          {{"expert_fc1", 2 * s.expert_ffn, s.hidden}, {"expert_fc2", s.hidden, s.expert_ffn}}};
      for (const Linear& l : products) {
        for (const KernelPass pass : passes) {
          for (const double skewed : {1.0, 2.0}) {
            if (skewed > 1 && local == 1) continue;
            KernelAxes axes = product(pass, rows, l);
            axes[groups] = local;
            axes[skew] = skewed;
            const std::string use = std::string(l.name) + " ep" + std::to_string(ep) + " mb1";
            Case c = case_of(s, KernelFamily::grouped_gemm, KernelDtype::bf16, pass, axes, use);
            c.quick = s.id == "deepseek-v3" && pass == KernelPass::fwd && skewed == 1 && ep == 64;
            list.add(c);
            if (s.q_lora == 0 || skewed > 1) continue;
            c.dtype = KernelDtype::fp8_blockwise;
            list.add(std::move(c));
          }
        }
      }
    }
  }
}

}  // namespace sextant::profile
