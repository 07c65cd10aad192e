// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/attention.hpp"

#include <algorithm>
#include <cmath>

#include "sim/kernel/measured.hpp"

namespace sextant::sim {

namespace {

constexpr double masked_tile_length = 400;  // FlashAttention 3's causal factor s / (s + c), published rates
constexpr double backward_flops = 2.5;      // five matrix products against two
constexpr Seconds launch{4e-6};
constexpr double hbm_share = 0.8;
constexpr double backward_traffic = 1.6;  // scores and their gradients are read and written once more

/// Published rates by head width relative to 128.
double head_width_factor(double head_dim, bool prefers_wide) {
  if (!prefers_wide) return 1.0;
  if (head_dim <= 64) return 0.75;
  if (head_dim <= 96) return 0.9;
  return 1.0;
}

}  // namespace

Flops AttentionShape::causal_flops() const {
  const double full = 4.0 * seq_len * query_len * head_dim * heads * sequences;
  if (window <= 0 || window >= seq_len) return Flops{0.5 * full};
  if (chunked) return Flops{0.5 * full * window / seq_len};
  const double outside = 1.0 - window / seq_len;
  return Flops{0.5 * full * (1.0 - outside * outside)};
}

AttentionTime fused_attention_time(const Device& device, const AttentionShape& s) {
  const double factor = head_width_factor(s.head_dim, device.attention_prefers_wide_heads);
  const FlopRate rate = device.attention * (factor * s.block_len / (s.block_len + masked_tile_length));
  const Seconds forward = s.causal_flops() / rate + launch;
  AttentionTime time{forward, forward * (backward_flops / device.attention_backward)};
  if (device.measured != nullptr && device.latest_attention) take_measured(device, s, time);
  return time;
}

bool softmax_fuses(const AttentionShape& s) { return std::fmod(s.heads * s.sequences, 4.0) == 0.0; }

AttentionTime unfused_attention_time(const Device& device, const AttentionShape& s, double bytes_per_score,
                                     double misaligned_rate) {
  const Flops flops{4.0 * s.seq_len * s.query_len * s.head_dim * s.heads * s.sequences};
  // Widths that are no multiple of 8 leave the tensor cores.
  const double aligned = std::fmod(s.head_dim, 8.0) == 0.0 ? 1.0 : misaligned_rate;
  const FlopRate rate = device.batched_gemm * (aligned * s.head_dim / (s.head_dim + 80.0));
  const Bytes scores{s.seq_len * s.query_len * s.heads * s.sequences * bytes_per_score};
  const ByteRate memory = device.hbm * hbm_share;
  return {flops / rate + scores / memory, 2.0 * flops / rate + scores * backward_traffic / memory};
}

}  // namespace sextant::sim
