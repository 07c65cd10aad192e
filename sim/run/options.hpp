// SPDX-License-Identifier: Apache-2.0
// The closed sets of choices a run makes, with the names files write them by.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sextant::sim {

enum class Precision : std::uint8_t { bf16, fp16, fp8, fp8_blockwise, mxfp8, nvfp4 };

inline constexpr std::array<std::pair<std::string_view, Precision>, 6> precision_names{
    {{"bf16", Precision::bf16},
     {"fp16", Precision::fp16},
     {"fp8", Precision::fp8},
     {"fp8-blockwise", Precision::fp8_blockwise},
     {"mxfp8", Precision::mxfp8},
     {"nvfp4", Precision::nvfp4}}};

[[nodiscard]] constexpr bool is_eight_bit_or_less(Precision p) { return p >= Precision::fp8; }

/// What data-parallel ranks split among themselves.
enum class Sharding : std::uint8_t { none, zero1, zero2, zero3, hsdp };

inline constexpr std::array<std::pair<std::string_view, Sharding>, 5> sharding_names{{{"none", Sharding::none},
                                                                                      {"zero1", Sharding::zero1},
                                                                                      {"zero2", Sharding::zero2},
                                                                                      {"zero3", Sharding::zero3},
                                                                                      {"hsdp", Sharding::hsdp}}};

enum class RecomputeMode : std::uint8_t { none, selective, full, block };

inline constexpr std::array<std::pair<std::string_view, RecomputeMode>, 4> recompute_mode_names{
    {{"none", RecomputeMode::none},
     {"selective", RecomputeMode::selective},
     {"full", RecomputeMode::full},
     {"block", RecomputeMode::block}}};

/// Parts of a layer that selective recompute can drop and redo.
enum class Module : std::uint8_t { core_attn, mla_up_proj, layernorm, mlp, moe, moe_act, activation };

inline constexpr std::array<std::pair<std::string_view, Module>, 8> module_names{{{"core_attn", Module::core_attn},
                                                                                  {"mla_up_proj", Module::mla_up_proj},
                                                                                  {"layernorm", Module::layernorm},
                                                                                  {"mlp", Module::mlp},
                                                                                  {"moe", Module::moe},
                                                                                  {"moe_act", Module::moe_act},
                                                                                  {"activation", Module::activation},
                                                                                  {"swiglu", Module::activation}}};

/// A set of modules.
class Modules {
 public:
  constexpr void add(Module m) { bits_ |= 1U << static_cast<unsigned>(m); }
  [[nodiscard]] constexpr bool has(Module m) const { return (bits_ >> static_cast<unsigned>(m) & 1U) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  constexpr bool operator==(const Modules&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

/// How tokens find experts: forced equal, as the trained router does, with a capacity, or not stated.
enum class Routing : std::uint8_t { balanced, natural, dropped, unknown };

inline constexpr std::array<std::pair<std::string_view, Routing>, 4> routing_names{{{"balanced", Routing::balanced},
                                                                                    {"natural", Routing::natural},
                                                                                    {"dropped", Routing::dropped},
                                                                                    {"unknown", Routing::unknown}}};

enum class Task : std::uint8_t { pretrain, sft };

inline constexpr std::array<std::pair<std::string_view, Task>, 2> task_names{
    {{"pretrain", Task::pretrain}, {"sft", Task::sft}}};

/// Pipeline schedules, in the order of sim/schedule's table, whose rows build them. A run that
/// interleaves and has Feature::ep_overlap runs interleaved_overlap.
enum class Schedule : std::uint8_t {
  gpipe,
  one_f_one_b,
  interleaved,
  interleaved_overlap,
  zb_h1,
  zbv,
  dualpipe,
  dualpipe_v
};

inline constexpr std::array<std::pair<std::string_view, Schedule>, 10> schedule_names{
    {{"gpipe", Schedule::gpipe},
     {"1f1b", Schedule::one_f_one_b},
     {"interleaved", Schedule::interleaved},
     {"interleaved-1f1b", Schedule::interleaved},
     {"interleaved-overlap", Schedule::interleaved_overlap},
     {"zb-h1", Schedule::zb_h1},
     {"zbv", Schedule::zbv},
     {"dualpipe", Schedule::dualpipe},
     {"DualPipe", Schedule::dualpipe},
     {"dualpipe-v", Schedule::dualpipe_v}}};

/// What a run switches on beyond its stack's defaults. Files say it in many words; see features.cpp.
enum class Feature : std::uint8_t {
  tp_overlap,           ///< tensor-parallel collectives overlapped with GEMMs
  grad_reduce_overlap,  ///< data-parallel reduction overlapped with the backward pass
  param_gather_overlap,
  ep_overlap,           ///< expert all-to-all overlapped with another micro-batch's compute
  node_dedup_dispatch,  ///< one copy a destination node (DeepEP, HybridEP)
  device_dispatch,      ///< token counts stay on the GPU (HybridEP)
  all_to_all_dispatch,  ///< one copy a chosen expert, by NCCL
  grouped_gemm,
  cuda_graph,
  compiled,        ///< torch.compile or XLA fusion
  fp32_gradients,  ///< gradients accumulated and reduced in fp32
  node_limited_routing,
  unfused_softmax,  ///< softmax in fp32 outside the fused kernel
  distributed_optimizer,
  flash_attention,
  flash_attention_2,
};

class Features {
 public:
  constexpr void add(Feature f) { bits_ |= 1U << static_cast<unsigned>(f); }
  [[nodiscard]] constexpr bool has(Feature f) const { return (bits_ >> static_cast<unsigned>(f) & 1U) != 0; }
  constexpr bool operator==(const Features&) const = default;

 private:
  std::uint32_t bits_ = 0;
};

}  // namespace sextant::sim
