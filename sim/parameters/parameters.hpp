// SPDX-License-Identifier: Apache-2.0
// The calibrated constants of the simulator: few, physical, each with a prior. Values come from a calibration file.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/source.hpp"

namespace sextant::sim {

/// One row of the table in parameters.cpp each; the order is the order of calibration files.
enum class Parameter : std::uint8_t {
  gemm_rate_ampere,
  gemm_rate_hopper,
  gemm_rate_hopper_fp8,
  gemm_rate_blackwell,
  gemm_k_half_ampere,
  gemm_k_half_hopper,
  gemm_k_half_hopper_fp8,
  wave_exponent,
  wgrad_rate,
  grouped_gemm_rate,
  grouped_gemm_rate_fp8,
  attention_rate_ampere_fused,
  attention_rate_ampere_flash1,
  attention_rate_hopper_fused,
  attention_rate_hopper_flash1,
  unfused_attention_bytes,
  misaligned_head_rate,
  memory_bound,
  memory_bound_megatron_lm,
  memory_bound_deepspeed,
  memory_bound_internevo,
  memory_bound_tuned,
  fp8_cast_traffic,
  host_layer_megatron_lm,
  host_layer_megatron_core,
  host_layer_eager,
  host_layer_compiled,
  host_moe_layer,
  host_moe_sync,
  launch_sharpness,
  host_pipeline_engine,
  contention_compute,
  contention_communication,
  collective_latency,
  nic_all_to_all,
  nic_ring_200g,
  nic_ring_400g,
  nic_ring_ethernet,
  imbalance_unknown,
  imbalance_natural,
  gradient_accumulation_bytes,
  optimizer_traffic,
  step_fixed_time,
  shard_broadcast,
  straggler_per_doubling,
  count_
};

inline constexpr std::size_t parameter_count = static_cast<std::size_t>(Parameter::count_);

/// What a parameter is and what was believed of it before any training run was seen.
struct ParameterInfo {
  Parameter parameter;
  std::string_view tag;  ///< name in calibration files and `explain`
  double prior;          ///< median
  double sigma;          ///< standard deviation of its logarithm
  bool fitted;           ///< false: the shipped rows do not identify it, it stays at its prior
  std::string_view unit;
  std::string_view meaning;
  std::string_view source;  ///< where the prior comes from
};

[[nodiscard]] const std::array<ParameterInfo, parameter_count>& parameter_table();

/// How far the prior itself can be relied on.
[[nodiscard]] Trust prior_trust(const ParameterInfo& info);

/// A value for every parameter.
class Parameters {
 public:
  [[nodiscard]] double operator[](Parameter p) const { return values_[static_cast<std::size_t>(p)]; }
  double& operator[](Parameter p) { return values_[static_cast<std::size_t>(p)]; }

  /// Every parameter at its prior median.
  [[nodiscard]] static Parameters priors();

  bool operator==(const Parameters&) const = default;

 private:
  std::array<double, parameter_count> values_{};
};

}  // namespace sextant::sim
