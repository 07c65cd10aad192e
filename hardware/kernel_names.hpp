// SPDX-License-Identifier: Apache-2.0
// What a measured kernel is called in profiles: family, number format, pass and the axes of its shape. Free of third
// parties, because the profiler is also built alone, on machines that have little more than a compiler.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

namespace sextant::hardware {

enum class KernelFamily : std::uint8_t {
  gemm,          ///< one product Y[m x n] = X[m x k] W[k x n]; dgrad and wgrad give their own m, n, k
  grouped_gemm,  ///< `groups` products of `m` rows each on average, the fullest with `skew` times as many
  attention,
  rms_norm,
  rope,
  swiglu,
  swiglu_cast,     ///< SwiGLU with the blockwise FP8 cast of its result in the same kernel
  cast,            ///< bf16 to FP8; block 128: one scale per 1x128, block 16384: per 128x128
  cast_transpose,  ///< the same, and a transposed copy for the weight gradient
  router,          ///< scores over all experts, group limit, top-k, normalised weights
  permute,         ///< tokens into expert order, each expert padded to 128 rows
  unpermute,       ///< and back, weighted
  cross_entropy,   ///< over one shard of the vocabulary
  adamw,
  copy,
  triad,   ///< a = b + s * c
  launch,  ///< per kernel: gap between queued kernels, or host time of a launch, or of a graph's node
  all_reduce,
  all_gather,
  reduce_scatter,
  all_to_all,
  expert_dispatch,
  expert_combine,
  sustained,  ///< a GEMM repeated for half a minute
};

enum class KernelDtype : std::uint8_t { bf16, fp16, fp8, fp8_blockwise, mxfp8, nvfp4, fp32, tf32, mixed };

enum class KernelPass : std::uint8_t { none, fwd, dgrad, wgrad, bwd, fwd_bwd };

/// Zero means that the axis does not apply.
enum class KernelAxis : std::uint8_t {
  m,
  n,
  k,
  groups,
  skew,
  batch,
  seq,
  heads,
  kv_heads,
  head_dim,
  v_head_dim,
  causal,
  tokens,
  hidden,
  experts,
  top_k,
  expert_groups,
  group_limit,
  vocab,
  block,
  elements,
  bytes,
  gpus,
  nodes,
  sms,
};
inline constexpr std::size_t kernel_axis_count = 25;

template <class E, std::size_t N>
using NameTable = std::array<std::pair<std::string_view, E>, N>;

inline constexpr NameTable<KernelFamily, 24> kernel_family_names{{
    {"gemm", KernelFamily::gemm},
    {"grouped-gemm", KernelFamily::grouped_gemm},
    {"attention", KernelFamily::attention},
    {"rms-norm", KernelFamily::rms_norm},
    {"rope", KernelFamily::rope},
    {"swiglu", KernelFamily::swiglu},
    {"swiglu-cast", KernelFamily::swiglu_cast},
    {"cast", KernelFamily::cast},
    {"cast-transpose", KernelFamily::cast_transpose},
    {"router", KernelFamily::router},
    {"permute", KernelFamily::permute},
    {"unpermute", KernelFamily::unpermute},
    {"cross-entropy", KernelFamily::cross_entropy},
    {"adamw", KernelFamily::adamw},
    {"copy", KernelFamily::copy},
    {"triad", KernelFamily::triad},
    {"launch", KernelFamily::launch},
    {"all-reduce", KernelFamily::all_reduce},
    {"all-gather", KernelFamily::all_gather},
    {"reduce-scatter", KernelFamily::reduce_scatter},
    {"all-to-all", KernelFamily::all_to_all},
    {"expert-dispatch", KernelFamily::expert_dispatch},
    {"expert-combine", KernelFamily::expert_combine},
    {"sustained", KernelFamily::sustained},
}};

inline constexpr NameTable<KernelDtype, 9> kernel_dtype_names{{
    {"bf16", KernelDtype::bf16},
    {"fp16", KernelDtype::fp16},
    {"fp8", KernelDtype::fp8},
    {"fp8-blockwise", KernelDtype::fp8_blockwise},
    {"mxfp8", KernelDtype::mxfp8},
    {"nvfp4", KernelDtype::nvfp4},
    {"fp32", KernelDtype::fp32},
    {"tf32", KernelDtype::tf32},
    {"mixed", KernelDtype::mixed},
}};

inline constexpr NameTable<KernelPass, 6> kernel_pass_names{{
    {"none", KernelPass::none},
    {"fwd", KernelPass::fwd},
    {"dgrad", KernelPass::dgrad},
    {"wgrad", KernelPass::wgrad},
    {"bwd", KernelPass::bwd},
    {"fwd+bwd", KernelPass::fwd_bwd},
}};

inline constexpr NameTable<KernelAxis, kernel_axis_count> kernel_axis_names{{
    {"m", KernelAxis::m},
    {"n", KernelAxis::n},
    {"k", KernelAxis::k},
    {"groups", KernelAxis::groups},
    {"skew", KernelAxis::skew},
    {"batch", KernelAxis::batch},
    {"seq", KernelAxis::seq},
    {"heads", KernelAxis::heads},
    {"kv_heads", KernelAxis::kv_heads},
    {"head_dim", KernelAxis::head_dim},
    {"v_head_dim", KernelAxis::v_head_dim},
    {"causal", KernelAxis::causal},
    {"tokens", KernelAxis::tokens},
    {"hidden", KernelAxis::hidden},
    {"experts", KernelAxis::experts},
    {"top_k", KernelAxis::top_k},
    {"expert_groups", KernelAxis::expert_groups},
    {"group_limit", KernelAxis::group_limit},
    {"vocab", KernelAxis::vocab},
    {"block", KernelAxis::block},
    {"elements", KernelAxis::elements},
    {"bytes", KernelAxis::bytes},
    {"gpus", KernelAxis::gpus},
    {"nodes", KernelAxis::nodes},
    {"sms", KernelAxis::sms},
}};

template <class E, std::size_t N>
[[nodiscard]] constexpr std::string_view name_in(const NameTable<E, N>& table, E value) {
  for (const auto& [name, v] : table) {
    if (v == value) return name;
  }
  return {};
}

template <class E, std::size_t N>
[[nodiscard]] constexpr std::optional<E> value_in(const NameTable<E, N>& table, std::string_view name) {
  for (const auto& [n, v] : table) {
    if (n == name) return v;
  }
  return std::nullopt;
}

[[nodiscard]] constexpr std::string_view name_of(KernelFamily v) { return name_in(kernel_family_names, v); }
[[nodiscard]] constexpr std::string_view name_of(KernelDtype v) { return name_in(kernel_dtype_names, v); }
[[nodiscard]] constexpr std::string_view name_of(KernelPass v) { return name_in(kernel_pass_names, v); }
[[nodiscard]] constexpr std::string_view name_of(KernelAxis v) { return name_in(kernel_axis_names, v); }

/// The shape of one kernel call: a value for each axis that applies.
class KernelAxes {
 public:
  constexpr KernelAxes() = default;
  constexpr KernelAxes(std::initializer_list<std::pair<KernelAxis, double>> values) {
    for (const auto& [axis, v] : values) (*this)[axis] = v;
  }

  [[nodiscard]] constexpr double operator[](KernelAxis axis) const { return values_[static_cast<std::size_t>(axis)]; }
  [[nodiscard]] constexpr double& operator[](KernelAxis axis) { return values_[static_cast<std::size_t>(axis)]; }
  constexpr bool operator==(const KernelAxes&) const = default;

 private:
  std::array<double, kernel_axis_count> values_{};
};

}  // namespace sextant::hardware
