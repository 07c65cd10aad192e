// SPDX-License-Identifier: Apache-2.0
// What communication and compute cost each other when they run at the same time.
#pragma once

namespace sextant::sim::comm {

struct Contention {
  /// Collective overlapped with compute / alone. DeepSeek-V3's training step (deepseek-ai/profile-data train.json
  /// @4496024) against DeepEP alone (docs/legacy.md), both EP64: combine 50 GB/s alone, 39 and 36 in the step (x1.28,
  /// x1.39); dispatch 51 alone, 35 with a cached layout (x1.46), 28 where it also works out its layout (x1.8). The mean
  /// of the four.
  double collective_low = 1.2;
  double collective = 1.48;
  double collective_high = 1.6;

  /// GEMM overlapped / alone on the SMs that are left: DeepGEMM FP8 runs at 1,096 of 1,464 TFLOPS asymptotically in the
  /// same step on 112 of 132 SMs, 0.749 / (112 / 132) = 0.88: HBM, L2 and power are shared too.
  double gemm_rate = 0.88;

  /// SMs held: DeepSeek-V3's dispatch and combine use 20 (arXiv:2412.19437 section 3.2.2; the trace's 112-SM GEMMs).
  int deduplicated_sms = 20;
  /// One SM a channel: 24 channels on an NVLink3 ring (NCCL 2.20.5 log), assumed for other rings; 16 between nodes
  /// (two a NIC) is an assumption.
  int node_ring_sms = 24;
  int network_sms = 16;
};
inline constexpr Contention contention{};

}  // namespace sextant::sim::comm
